using System.Diagnostics;
using System.Text.Json;

namespace Spark.Notebooks.Tests;

/// <summary>The main command on two machines behind a real sshd: the modules' own cells, each measurement made once.</summary>
public sealed class RunningTheCourseOverSsh : IAsyncLifetime
{
    const string Name = "sshd-test";
    const string Secret = "hf_neverInAnyOutput";
    static readonly TimeSpan Deadline = TimeSpan.FromMinutes(12);
    SshServer server = null!;

    public async ValueTask InitializeAsync() => server = await SshServer.StartAsync();

    public ValueTask DisposeAsync() => server?.DisposeAsync() ?? default;

    [Fact]
    public async Task Modules_00_01_03_and_04_run_to_their_ends_and_keep_the_secrets_they_were_given()
    {
        var (clusters, pages) = (Directory.CreateDirectory(Path.Combine(server.Folder, "config", "spark-notebooks", "clusters")).FullName, Path.Combine(server.Folder, "pages"));
        File.WriteAllText(Path.Combine(clusters, $"{Name}.json"), JsonSerializer.Serialize(VllmShim.Cluster(server, watchdogSeconds: 20), JsonSerializerOptions.Web));
        var start = new ProcessStartInfo("dotnet", [RepositoryRoot.Combine("lib/Spark.Kernel/bin/Release/net10.0/spark-kernel.dll"), "run", "--cluster", Name, "--out", pages, "-m", "00", "01", "03", "04", "--notebooks", HurriedNotebooks.WriteTo(Path.Combine(server.Folder, "notebooks"), RepositoryRoot.Path)])
        {
            WorkingDirectory = RepositoryRoot.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["XDG_CONFIG_HOME"] = Path.Combine(server.Folder, "config");
        start.Environment["SPARK_RESULTS"] = Path.Combine(server.Folder, "results");
        start.Environment["HF_TOKEN"] = Secret;
        start.Environment["VLLM_API_KEY"] = Secret;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var deadline = new CancellationTokenSource(Deadline);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
        Assert.True(process.ExitCode == 0, $"{await output}{await errors}");
        Assert.Equal(4, Directory.GetFiles(pages, "*.html").Length);
        Assert.All(Directory.GetFiles(server.Folder, "*", SearchOption.AllDirectories), path => Assert.DoesNotContain(Secret, File.ReadAllText(path)));
        Assert.DoesNotContain(Secret, $"{await output}{await errors}");
    }
}
