namespace Spark.Notebooks;

/// <summary>What vLLM may have open, whose streams are a socket each.</summary>
internal sealed class MachineOpenFilesCheck : IMachineCheck
{
    public string Name => "open files";

    public Finding Judge(NodeReadings node, MachineReadings machine, EnvironmentKnobs knobs) => node.OpenFiles switch
    {
        null => Finding.NotAvailable,
        { } limit when limit.Soft >= knobs.OpenFiles => Finding.Pass($"{limit}"),
        var limit => Finding.Warn($"{limit}", $"Raise it on the machine for sessions over SSH, soft and hard nofile of {knobs.OpenFiles} or more in /etc/security/limits.conf, and start the notebook anew."),
    };
}
