using CsCheck;

namespace Spark.Engine.Tests;

public class TokenizingText
{
    static readonly Gen<string> Text = Gen.OneOf(
        Gen.Int[0, 0x10ffff].Where(c => c is < 0xd800 or > 0xdfff).Select(char.ConvertFromUtf32),
        Any.Of(" ", "  ", "\n", "\r\n", "\t", "'s", "'LL", "king", " the", "7", "1234", "é", "日本", "😀", "𝐀𝐛", "𝟘", "<|end_of_text|>", "a\u0301", "\u200d"))
        .Array[0, 40].Select(string.Concat);

    static Tokenizer Shipped => Tales.Tokenizer;

    [Fact]
    public void The_shipped_tokenizer_gives_the_ids_that_transformers_gives()
    {
        Assert.Equal(9, GoldenCase.All.Count);
        foreach (var golden in GoldenCase.All)
            Assert.Equal(golden.Ids, Shipped.Encode(golden.Prompt, addSpecialTokens: true));
    }

    [Fact]
    public void It_decodes_to_the_text_that_transformers_decodes()
    {
        foreach (var golden in GoldenCase.All)
            Assert.Equal(golden.GreedyText, Shipped.Decode(golden.GreedyIds, skipSpecialTokens: true));
    }

    [Fact]
    public void Any_text_comes_back_as_it_went_in() =>
        Text.Sample(text => Shipped.Decode(Shipped.Encode(text, addSpecialTokens: false), skipSpecialTokens: false) == text);

    [Fact]
    public void Half_a_surrogate_pair_counts_as_the_replacement_character()
    {
        Assert.Equal(Shipped.Encode("a\ufffdb", false), Shipped.Encode("a\ud800b", false));
        Assert.Equal(Shipped.Encode("\ufffd", false), Shipped.Encode("\udc00", false));
    }

    [Fact]
    public void Special_tokens_in_the_text_become_their_ids()
    {
        Assert.Equal([4080, .. Shipped.Encode("a", false), 4081, .. Shipped.Encode(" b", false)], Shipped.Encode("<|begin_of_text|>a<|end_of_text|> b", false));
        Assert.Equal("a b", Shipped.Decode(Shipped.Encode("a<|end_of_text|> b", true), skipSpecialTokens: true));
    }

    [Fact]
    public void Token_texts_are_decoded_and_pieces_are_not()
    {
        var the = Shipped.Encode(" the", false).Single();
        Assert.Equal((" the", "Ġthe"), (Shipped.TokenText(the), Shipped.Piece(the)));
        Assert.Equal("<|end_of_text|>", Shipped.TokenText(4081));
        Assert.Equal(4081, Shipped.EosTokenId);
        Assert.Equal(4096, Shipped.VocabSize);
        Assert.Null(Shipped.Piece(4096));
        Assert.Equal("", Shipped.Decode([-1, 4096, int.MaxValue], false));
    }

    [Fact]
    public void Threads_may_share_it()
    {
        var alone = GoldenCase.All.Select(g => Shipped.Encode(g.Prompt, true)).ToArray();
        Parallel.For(0, 200, i => Assert.Equal(alone[i % alone.Length], Shipped.Encode(GoldenCase.All[i % alone.Length].Prompt, true)));
    }
}
