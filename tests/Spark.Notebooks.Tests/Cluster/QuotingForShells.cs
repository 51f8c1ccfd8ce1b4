using System.Diagnostics;
using CsCheck;

namespace Spark.Notebooks.Tests;

public class QuotingForShells
{
    static readonly string[] Special =
    [
        "'", "\"", "\\", "$", "`", "!", "*", "?", "[", "]", "{", "}", "~", "#", "&", "|", ";", "<", ">", "(", ")", "\n", "\r", "\t", " ", "=", "%", "-", "\x1b", "\x7f",
        "$(id)", "`id`", "${HOME}", "'; id; '", "\\'", "--", "-n", "é", "漢", "🙂", "\u2028",
    ];

    // The characters that mean something to some shell, in any order, among anything else that UTF-8 can carry.
    static readonly Gen<string> Hostile = Gen.OneOf(
        Gen.Int[0, Special.Length - 1].Select(i => Special[i]),
        Gen.Char['\x01', '\xff'].Select(c => $"{c}"),
        Gen.String[Gen.Char.AlphaNumeric, 0, 5]).Array[0, 12].Select(string.Concat);

    [Fact]
    public void Whatever_is_quoted_reaches_a_program_as_it_was()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no /bin/sh.");
        Hostile.Array[1, 200].Sample(words => Assert.Equal(words, Received($"printf '%s\\0' {Shell.Quote(words)}")), iter: 60, threads: 1);
    }

    [Fact]
    public void Exported_variables_have_the_value_that_they_were_given()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no /bin/sh.");
        Hostile.Sample(value => Assert.Equal([value], Received($"{Shell.Export([new("A_1", value)])}printenv -0 A_1")), iter: 60, threads: 1);
    }

    [Fact]
    public void Only_the_home_directory_is_resolved_in_a_path()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no /bin/sh.");
        Assert.Equal([$"{Environment.GetEnvironmentVariable("HOME")}/$(id)/~", "~root/x"], Received($"printf '%s\\0' {Shell.QuotePath("~/$(id)/~")} {Shell.QuotePath("~root/x")}"));
    }

    [Fact]
    public void What_no_shell_can_take_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Shell.Quote("a\0b"));
        Assert.Throws<ArgumentException>(() => Shell.Export([new("A;id", "")]));
    }

    static string[] Received(string script)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true, StandardInputEncoding = new System.Text.UTF8Encoding(false) })!;
        shell.StandardInput.Write(script);
        shell.StandardInput.Close();
        var output = shell.StandardOutput.ReadToEnd();
        Assert.EndsWith("\0", output);
        return output[..^1].Split('\0');
    }
}
