namespace Spark.Kernel;

/// <summary>Makes the kernel known to Jupyter's front ends, or unknown again, and says what it did.</summary>
internal sealed class InstallCommand(InstallOptions options, TextWriter output)
{
    readonly string kernels = JupyterFolders.Kernels(options.Prefix);

    /// <exception cref="JupyterSetupException">The name is taken by another kernel.</exception>
    public void Install()
    {
        var spec = Choose();
        if (spec.Exists && !spec.IsOurs && !options.Force)
            throw new JupyterSetupException($"{spec.Folder} holds another kernel: choose a --name, or replace it with --force");
        var verb = spec.IsOurs ? "Replaced" : "Installed";
        spec.Write(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        output.WriteLine($"{verb} the kernel '.NET (C#)' in {spec.Folder}");
        if (spec.Name != InstallOptions.UsualName)
            output.WriteLine($"Its name is {spec.Name}; the notebooks name {InstallOptions.UsualName}, so a front end will ask which kernel to use.");
        output.WriteLine("In VS Code: open a notebook, choose Select Kernel (top right), Jupyter Kernel…, .NET (C#). In JupyterLab it is in the launcher.");
        output.WriteLine("A running kernel keeps what it started with: restart it. `spark-kernel install --uninstall` removes the kernel.");
    }

    /// <exception cref="JupyterSetupException">There is nothing of this kernel to remove.</exception>
    public void Uninstall()
    {
        var names = options.Name is { } named ? [named] : new[] { InstallOptions.UsualName, InstallOptions.OtherName };
        var installed = names.Select(Spec).Where(spec => spec.Exists && (spec.IsOurs || (options.Force && options.Name is not null))).ToList();
        if (installed.Count == 0)
            throw new JupyterSetupException($"there is no {string.Join(" or ", names)} of this kernel in {kernels}: name another with --name, its folder with --prefix");
        foreach (var spec in installed)
        {
            spec.Delete();
            output.WriteLine($"Removed {spec.Folder}");
        }
    }

    KernelSpec Choose()
    {
        if (options.Name is { } name)
            return Spec(name);
        var usual = Spec(InstallOptions.UsualName);
        return !usual.Exists || usual.IsOurs || options.Force ? usual : Spec(InstallOptions.OtherName);
    }

    KernelSpec Spec(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-') && name.Trim('.').Length > 0
            ? new KernelSpec(Path.Combine(kernels, name))
            : throw new JupyterSetupException($"'{name}' is no name for a kernel: letters, digits, '.', '_' and '-' are");
}
