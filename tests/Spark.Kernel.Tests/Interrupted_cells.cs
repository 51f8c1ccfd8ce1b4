namespace Spark.Kernel.Tests;

public sealed class Interrupted_cells
{
    [Fact]
    public async Task A_cell_that_ends_at_its_interrupt_at_once_is_told_by_its_own_end()
    {
        for (var i = 0; i < 500; i++)
        {
            using var interrupt = new CancellationTokenSource();
            var run = InterruptibleRun.RunAsync(() => Loop(interrupt.Token), interrupt.Token);
            await interrupt.CancelAsync();
            var end = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => run);
            Assert.Equal("the loop met its interrupt", end.Message);
        }
    }

    // As a cell's, its exception ends its task and not its thread.
    static async Task Loop(CancellationToken interrupted)
    {
        await Task.CompletedTask;
        while (!interrupted.IsCancellationRequested)
            Thread.SpinWait(1);
        throw new OperationCanceledException("the loop met its interrupt");
    }
}
