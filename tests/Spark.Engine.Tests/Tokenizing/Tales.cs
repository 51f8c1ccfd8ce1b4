namespace Spark.Engine.Tests;

/// <summary>The shipped model's tokenizer, loaded once.</summary>
static class Tales
{
    public static Tokenizer Tokenizer { get; } = Spark.Engine.Tokenizer.Load(Repository.Tales);
}
