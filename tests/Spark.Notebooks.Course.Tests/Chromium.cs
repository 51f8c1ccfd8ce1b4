using Microsoft.Playwright;

namespace Spark.Notebooks.Course.Tests;

/// <summary>The system's own browser, without a window, which resolves no name: what a page needs must be on this machine.</summary>
static class Chromium
{
    static readonly string? Executable = new[] { "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    public static Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        Tool.Require(Executable is not null, "Chromium is not installed; on Debian: apt-get install chromium.");
        return playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Executable,
            Args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"],
        });
    }
}
