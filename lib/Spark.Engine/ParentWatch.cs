namespace Spark.Engine;

/// <summary>Notices the end of the process that started this one: its end of our standard input closes with it, however it died.</summary>
internal static class ParentWatch
{
    /// <summary>For a stop that hangs; above the API's drain period.</summary>
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(8);

    public static void Start(Action stop)
    {
        var thread = new Thread(() =>
        {
            using var input = Console.OpenStandardInput();
            while (input.ReadByte() >= 0)
            {
            }
            stop();
            Thread.Sleep(Deadline);
            Environment.Exit(1);
        }) { Name = "parent watch", IsBackground = true };
        thread.Start();
    }
}
