using System.Text.Json.Nodes;

namespace Spark.Kernel.Tests;

public sealed class Installing_the_kernel : IDisposable
{
    readonly TemporaryFolder prefix = new();
    readonly StringWriter output = new();

    string Kernels => Path.Combine(prefix.Path, "share", "jupyter", "kernels");

    public void Dispose() => prefix.Dispose();

    [Fact]
    public void The_kernelspec_starts_a_copy_of_the_kernel_and_asks_for_interrupts_by_message()
    {
        Command().Install();
        var spec = Spec(".net-csharp");
        Assert.Equal("message", (string?)spec["interrupt_mode"]);
        var arguments = spec["argv"]!.AsArray().Select(argument => (string)argument!).ToList();
        Assert.Equal(["jupyter", "--connection-file", "{connection_file}"], arguments[^3..]);
        Assert.StartsWith(Kernels, arguments[^4], StringComparison.Ordinal);
        Assert.All(arguments[..^3], argument => Assert.True(File.Exists(argument), argument));
        Assert.Contains("Select Kernel", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_second_install_replaces_the_first()
    {
        Command().Install();
        Command().Install();
        Assert.Single(Directory.GetDirectories(Path.Combine(Kernels, ".net-csharp")));
        Assert.Contains("Replaced", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_kernels_name_is_left_to_it()
    {
        TakeUsualName();
        Command().Install();
        Assert.Equal("dotnet-interactive", (string?)Spec(".net-csharp")["argv"]![0]);
        Assert.Equal("C#", (string?)Spec("spark-csharp")["language"]);
        Assert.Contains("Its name is spark-csharp", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_asked_for_and_taken_is_refused_without_force()
    {
        TakeUsualName();
        Assert.Contains("--force", Assert.Throws<JupyterSetupException>(() => Command(name: ".net-csharp").Install()).Message, StringComparison.Ordinal);
        Command(name: ".net-csharp", force: true).Install();
        Assert.NotEqual("dotnet-interactive", (string?)Spec(".net-csharp")["argv"]![0]);
    }

    [Fact]
    public void Uninstalling_removes_what_was_installed_and_nothing_else()
    {
        TakeUsualName();
        Command().Install();
        Command().Uninstall();
        Assert.Equal([Path.Combine(Kernels, ".net-csharp")], Directory.GetDirectories(Kernels));
        Assert.Throws<JupyterSetupException>(() => Command().Uninstall());
    }

    [Theory]
    [InlineData("../elsewhere")]
    [InlineData("")]
    [InlineData("..")]
    public void A_name_that_is_a_path_is_refused(string name) =>
        Assert.Throws<JupyterSetupException>(() => Command(name).Install());

    [Theory]
    [InlineData("{}", "not one")]
    [InlineData("nonsense", "not one")]
    [InlineData(null, "cannot be read")]
    public void A_connection_file_of_no_use_is_named(string? content, string reason)
    {
        var path = Path.Combine(prefix.Path, "connection.json");
        if (content is not null)
            File.WriteAllText(path, content);
        Assert.Contains(reason, Assert.Throws<JupyterSetupException>(() => ConnectionFile.Read(path)).Message, StringComparison.Ordinal);
    }

    InstallCommand Command(string? name = null, bool force = false) =>
        new(new InstallOptions { Prefix = prefix.Path, Name = name, Force = force }, output);

    void TakeUsualName() => prefix.Write("share/jupyter/kernels/.net-csharp/kernel.json", """{ "argv": ["dotnet-interactive", "jupyter"], "display_name": ".NET (C#)", "language": "C#" }""");

    JsonNode Spec(string name) => JsonNode.Parse(prefix.Read($"share/jupyter/kernels/{name}/kernel.json"))!;
}
