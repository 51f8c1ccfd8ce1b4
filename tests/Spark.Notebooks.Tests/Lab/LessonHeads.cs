namespace Spark.Notebooks.Tests;

[Collection(Page.Name)]
public class LessonHeads
{
    [Fact]
    public async Task A_head_names_module_cluster_nodes_and_machine()
    {
        await using var cluster = await Cluster.OpenAsync("local");
        var text = Lesson.Begin("01", "Local Inference Baseline", cluster).ToText();
        Assert.StartsWith("Module 01: Local Inference Baseline", text, StringComparison.Ordinal);
        Assert.All([cluster.Name, .. cluster.Nodes.Select(node => node.Name), Machine.Here.Cpu], part => Assert.Contains(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_module_begun_last_is_current()
    {
        Lesson.Begin("00", "Environment Setup");
        Assert.Equal("02", Lesson.Begin("02", "Understanding KV Cache").Number);
        Assert.Equal("Understanding KV Cache", Lesson.Current.Title);
    }

    [Fact]
    public void What_may_spoil_a_measurement_is_said_at_the_head()
    {
        var head = new LessonHead { Number = "01", Title = "A & B", At = DateTimeOffset.UnixEpoch, Warnings = ["node-0 and node-1 share core 0"] };
        Assert.Contains("⚠ node-0 and node-1 share core 0", head.ToText(), StringComparison.Ordinal);
        Assert.Contains("A &amp; B", head.ToHtml(), StringComparison.Ordinal);
    }
}
