using System.Globalization;
using System.Text.RegularExpressions;

namespace Spark.Notebooks;

/// <summary>A version of vLLM, and what of its command line depends on it; 0.13 is the first whose <c>kv_load_failure_policy</c> can be given.</summary>
public sealed partial record VllmVersion(int Major, int Minor, int Patch)
{
    static readonly VllmVersion Oldest = new(0, 13, 0);

    // vLLM pull request 41383 of May 2026 renews leases by heartbeats; before it, blocks were held for a fixed time.
    static readonly VllmVersion Leases = new(0, 21, 0);

    /// <summary>Whether a prefill engine's hold on KV blocks is <c>kv_lease_duration</c>, else the variable <c>VLLM_NIXL_ABORT_REQUEST_TIMEOUT</c>.</summary>
    public bool HasLeases => IsAtLeast(Leases);

    /// <summary>Reads what <c>vllm --version</c> prints, whatever it logs before.</summary>
    /// <exception cref="NotSupportedException">It is older than 0.13.</exception>
    /// <exception cref="FormatException">It prints no version.</exception>
    public static VllmVersion Parse(string output)
    {
        if (output.Split('\n').Select(line => Number().Match(line.Trim())).LastOrDefault(match => match.Success) is not { } match)
            throw new FormatException($"vllm --version printed no version such as 0.13.0: {output.Trim()}");
        var version = new VllmVersion(Part(1), Part(2), match.Groups[3].Success ? Part(3) : 0);
        return version.IsAtLeast(Oldest) ? version : throw new NotSupportedException($"vLLM {version} is too old: the course needs {Oldest} or newer.");

        int Part(int group) => int.Parse(match.Groups[group].ValueSpan, CultureInfo.InvariantCulture);
    }

    bool IsAtLeast(VllmVersion other) => (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch)) >= 0;

    public override string ToString() => $"{Major}.{Minor}.{Patch}";

    [GeneratedRegex(@"^(?:vllm )?v?([0-9]+)\.([0-9]+)(?:\.([0-9]+))?(?:[a-z.+-].*)?$")]
    private static partial Regex Number();
}
