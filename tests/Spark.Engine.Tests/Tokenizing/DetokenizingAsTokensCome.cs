using CsCheck;

namespace Spark.Engine.Tests;

public class DetokenizingAsTokensCome
{
    static Tokenizer Shipped => Tales.Tokenizer;

    [Theory, InlineData(true), InlineData(false)]
    public void The_parts_put_together_are_the_whole(bool skipSpecialTokens) =>
        Gen.OneOf(Gen.Int[0, 255], Gen.Int[0, 4095]).Array[0, 30].Sample(tokens =>
        {
            var detokenizer = new IncrementalDetokenizer(Shipped, skipSpecialTokens);
            var parts = tokens.Select(detokenizer.Push).ToList();
            return string.Concat(parts) + detokenizer.Finish() == Shipped.Decode(tokens, skipSpecialTokens);
        });

    [Fact]
    public void No_part_shows_a_character_that_is_not_complete()
    {
        var detokenizer = new IncrementalDetokenizer(Shipped, true);
        var parts = Shipped.Encode("😀é", false).Select(detokenizer.Push).ToList();
        Assert.True(parts.Count > 2);
        Assert.Equal("😀é", string.Concat(parts));
        Assert.DoesNotContain(parts, p => p.Contains('\ufffd') || p.Length == 1 && char.IsSurrogate(p[0]));
    }

    [Fact]
    public void A_character_that_began_in_the_prompt_ends_in_the_output()
    {
        var tokens = Shipped.Encode("a😀b", false);
        Assert.Equal(6, tokens.Length);
        var detokenizer = new IncrementalDetokenizer(Shipped, true);
        detokenizer.Prime(tokens.AsSpan(0, 3));
        Assert.Equal(["", "😀", "b"], tokens[3..].Select(detokenizer.Push));
    }

    [Fact]
    public void A_character_that_never_ends_shows_as_one_replacement_at_the_end()
    {
        var detokenizer = new IncrementalDetokenizer(Shipped, true);
        Assert.Equal("", detokenizer.Push(Shipped.Encode("😀", false)[0]));
        Assert.Equal("\ufffd", detokenizer.Finish());
    }
}
