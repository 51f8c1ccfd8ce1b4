using System.CommandLine;
using System.Globalization;
using Spark.Kernel;
using Spectre.Console;

var modules = new Option<string[]>("--module", "-m")
{
    Description = "Run only the notebooks whose names begin so, such as 01; more than one may follow.",
    AllowMultipleArgumentsPerToken = true,
};
var cluster = new Option<string?>("--cluster") { Description = "The cluster that the notebooks use (they see it as SPARK_CLUSTER)." };
var output = new Option<string>("--out") { Description = "Folder for the executed notebooks and their HTML pages.", DefaultValueFactory = _ => "artifacts" };
var timeout = new Option<double>("--timeout")
{
    Description = "Seconds that one cell may run.",
    DefaultValueFactory = _ => 600,
    CustomParser = result =>
    {
        if (double.TryParse(result.Tokens.Single().Value, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e6)
            return seconds;
        result.AddError($"--timeout takes a number of seconds above 0, not '{result.Tokens.Single().Value}'.");
        return 0;
    },
};
var notebooks = new Option<string>("--notebooks") { Description = "Folder of the notebooks, looked for from the current directory upwards.", DefaultValueFactory = _ => "notebooks" };

var run = new Command("run", "Run the course's notebooks in order and save them executed, as .ipynb and as self-contained .html.") { modules, cluster, output, timeout, notebooks };
run.SetAction(async parsed =>
{
    var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
    if (!console.Profile.Out.IsTerminal)
        console.Profile.Width = 160;
    var errors = Console.Error;
    // From here on the terminal is the run's; what a notebook left running prints between cells must not break into it.
    Console.SetOut(TextWriter.Null);
    Console.SetError(TextWriter.Null);
    try
    {
        return await new RunCommand(
            new RunOptions
            {
                Modules = parsed.GetValue(modules) ?? [],
                Cluster = parsed.GetValue(cluster),
                Out = parsed.GetRequiredValue(output),
                Notebooks = parsed.GetRequiredValue(notebooks),
                CellTimeout = TimeSpan.FromSeconds(parsed.GetValue(timeout)),
            },
            console,
            errors).RunAsync();
    }
    catch (Exception error) when (error is RunSetupException or NotebookFormatException or IOException or UnauthorizedAccessException)
    {
        await errors.WriteLineAsync($"spark-kernel: {error.Message}");
        return 2;
    }
});

var connectionFile = new Option<string>("--connection-file", "-f") { Description = "The file in which the front end says where it listens.", Required = true };
var jupyter = new Command("jupyter", "Serve a Jupyter front end, which starts this command itself once the kernel is installed.") { connectionFile };
jupyter.SetAction(parsed => OrSayWhy(() => JupyterCommand.RunAsync(parsed.GetRequiredValue(connectionFile))));

var user = new Option<bool>("--user") { Description = "Install for the current user (the default)." };
var prefix = new Option<string?>("--prefix") { Description = "Install in this folder's share/jupyter/kernels, such as an environment's." };
var name = new Option<string?>("--name") { Description = "The kernelspec's name; .net-csharp, which the notebooks name, or spark-csharp where that is taken." };
var force = new Option<bool>("--force") { Description = "Replace, or remove, another kernel of that name." };
var uninstall = new Option<bool>("--uninstall") { Description = "Remove what an earlier install wrote." };
var install = new Command("install", "Make the kernel known to VS Code, JupyterLab and other Jupyter front ends.") { user, prefix, name, force, uninstall };
install.Validators.Add(result =>
{
    if (result.GetValue(user) && result.GetValue(prefix) is not null)
        result.AddError("--user and --prefix name two places: choose one.");
});
install.SetAction(parsed => OrSayWhy(() =>
{
    var options = new InstallOptions { Prefix = parsed.GetValue(prefix), Name = parsed.GetValue(name), Force = parsed.GetValue(force) };
    var command = new InstallCommand(options, Console.Out);
    if (parsed.GetValue(uninstall))
        command.Uninstall();
    else
        command.Install();
    return Task.FromResult(0);
}));

var files = new Argument<string[]>("notebooks") { Description = "The notebooks; those of the course without any.", Arity = ArgumentArity.ZeroOrMore };
var fix = new Option<bool>("--fix") { Description = "Put them into it instead of saying which are not." };
var check = new Option<bool>("--check") { Description = "Say which are not (the default); exit code 1 if any is not." };
var format = new Command("format", "Check that notebooks are in the form in which they are kept: no outputs or counts, ids, sorted keys.") { files, fix, check };
format.Validators.Add(result =>
{
    if (result.GetValue(fix) && result.GetValue(check))
        result.AddError("--fix and --check contradict each other: choose one.");
});
format.SetAction(parsed => OrSayWhy(() => Task.FromResult(new FormatCommand(
    parsed.GetValue(files) is { Length: > 0 } named ? named : Course.Find(Directory.GetCurrentDirectory(), "notebooks").Notebooks, parsed.GetValue(fix), Console.Out).Run())));

var code = new Argument<string>("code") { Description = "C#, such as 'await VllmCommands.ShowAsync(\"spark\", \"0.13.0\")'." };
var cell = new Command("cell", "Run one cell with the course's library at hand, and print what it shows.") { code, cluster };
cell.SetAction(async parsed =>
{
    if (parsed.GetValue(cluster) is { } named)
        Environment.SetEnvironmentVariable("SPARK_CLUSTER", named);
    var (output, errors) = (Console.Out, Console.Error);
    return await OrSayWhy(() => new CellCommand(Course.Find(Directory.GetCurrentDirectory(), "notebooks"), parsed.GetRequiredValue(code), output, errors).RunAsync());
});

var root = new RootCommand("Runs C# notebooks. Exit codes: 0 all passed, 1 a cell failed, 2 nothing could be run, 130 cancelled.") { run, cell, jupyter, install, format };
var parse = root.Parse(args);
var exitCode = await parse.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
// Whatever threads a notebook left behind end with the process.
Environment.Exit(parse.Errors.Count > 0 ? 2 : exitCode);

static async Task<int> OrSayWhy(Func<Task<int>> command)
{
    try
    {
        return await command();
    }
    catch (Exception error) when (error is JupyterSetupException or RunSetupException or NotebookFormatException or IOException or UnauthorizedAccessException)
    {
        await Console.Error.WriteLineAsync($"spark-kernel: {error.Message}");
        return 2;
    }
}
