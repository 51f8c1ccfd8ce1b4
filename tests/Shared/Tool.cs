namespace Spark.Tests;

/// <summary>A program that a test needs and that not every machine has. Where it was installed for the tests, as in CI, SPARK_TEST_TOOLS=required makes its absence a failure.</summary>
public static class Tool
{
    public static void Require(bool isThere, string otherwise)
    {
        if (Environment.GetEnvironmentVariable("SPARK_TEST_TOOLS") == "required")
            Assert.True(isThere, otherwise);
        Assert.SkipUnless(isThere, otherwise);
    }
}
