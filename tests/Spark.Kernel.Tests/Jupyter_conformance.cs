using System.Reflection;

namespace Spark.Kernel.Tests;

public sealed class Jupyter_conformance(JupyterClient client) : IClassFixture<JupyterClient>
{
    [Theory]
    [InlineData("kernel_info_says_what_the_language_is")]
    [InlineData("a_cell_is_busy_then_idle_with_its_own_parent")]
    [InlineData("both_streams_arrive_while_the_cell_runs")]
    [InlineData("a_cell_reads_a_line_from_the_front_end")]
    [InlineData("ten_thousand_lines_arrive_in_order_and_in_few_messages")]
    [InlineData("a_display_is_updated_where_it_stands")]
    [InlineData("json_data_is_an_object")]
    [InlineData("an_error_names_its_line_and_no_frame_of_the_host")]
    [InlineData("a_missing_library_names_the_build")]
    [InlineData("a_failing_cell_drops_those_that_wait_behind_it")]
    [InlineData("a_failing_cell_may_let_the_others_run")]
    [InlineData("a_silent_cell_shows_nothing_and_takes_no_number")]
    [InlineData("a_cell_without_history_takes_no_number")]
    [InlineData("user_expressions_are_evaluated")]
    [InlineData("completion_knows_members_earlier_cells_and_places")]
    [InlineData("inspection_gives_signature_overloads_and_documentation")]
    [InlineData("completeness_is_judged")]
    [InlineData("history_has_tail_range_and_search")]
    [InlineData("comms_are_tolerated")]
    [InlineData("an_interrupt_stops_loops_and_waits_and_leaves_computing_libraries_behind")]
    [InlineData("an_interrupt_runs_the_cells_own_clean_up")]
    [InlineData("an_interrupt_reaches_calls_that_take_a_token_and_waits_for_their_clean_up")]
    [InlineData("an_interrupt_without_a_cell_harms_nothing")]
    [InlineData("background_output_goes_to_the_cell_that_started_it")]
    [InlineData("an_exception_on_a_background_thread_is_told_and_survived")]
    [InlineData("a_wrongly_signed_or_malformed_message_is_dropped_and_logged")]
    [InlineData("the_heartbeat_beats_while_a_cell_computes")]
    [InlineData("a_restart_forgets_and_a_shutdown_ends")]
    [InlineData("a_killed_front_end_takes_its_kernel_and_what_that_started_along")]
    public void Jupyters_own_client_finds_that(string claim)
    {
        JupyterClient.SkipWithout("jupyter_client");
        Assert.True(client.Conformance.ContainsKey(claim), $"conformance.py makes no claim {claim}");
        if ((string?)client.Conformance[claim] is { } failure)
            Assert.Fail(failure);
    }

    [Fact]
    public void No_claim_of_the_script_is_left_out_here()
    {
        JupyterClient.SkipWithout("jupyter_client");
        var claims = GetType().GetMethod(nameof(Jupyters_own_client_finds_that))!.GetCustomAttributes<InlineDataAttribute>().Select(data => (string)data.Data[0]!);
        Assert.Equal(client.Conformance.Select(entry => entry.Key).Order(), claims.Order());
    }

    [Fact]
    public void Nbconvert_executes_a_notebook()
    {
        JupyterClient.SkipWithout("nbconvert");
        using var folder = new TemporaryFolder();
        folder.Write("small.ipynb", TestNotebook.OfCode("var answer = 42;\nConsole.WriteLine(\"printed\");", "$\"the answer is {answer}\""));
        client.Install();
        client.Run(["-m", "nbconvert", "--to", "notebook", "--execute", "--output", "executed.ipynb", "small.ipynb"], folder.Path);
        var cells = System.Text.Json.Nodes.JsonNode.Parse(folder.Read("executed.ipynb"))!["cells"]!;
        Assert.Equal("printed\n", TestSession.Text(cells[0]!["outputs"]![0]!["text"]));
        Assert.Equal("the answer is 42", TestSession.Text(cells[1]!["outputs"]![0]!["data"]!["text/plain"]));
        Assert.Equal(2, (int?)cells[1]!["execution_count"]);
    }
}
