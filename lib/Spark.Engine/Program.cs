using System.CommandLine;
using System.CommandLine.Invocation;
using Spark.Engine;

var command = CommandLine.Build(ServeCommand.RunAsync, MeasureCommand.Run).Parse(args);
if (command.Action is ParseErrorAction error)
    error.ShowHelp = false;
// Longer than the API's drain period, so that a signal lets running requests end.
return await command.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(15) });
