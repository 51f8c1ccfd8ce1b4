using System.CommandLine.Invocation;
using Spark.Engine;

var command = CommandLine.Build((_, _) => Task.FromResult(1), MeasureCommand.Run).Parse(args);
if (command.Action is ParseErrorAction error)
    error.ShowHelp = false;
return await command.InvokeAsync();
