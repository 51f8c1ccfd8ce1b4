using CsCheck;

namespace Spark.Engine.Tests;

public class StoppingAtStrings
{
    static readonly Gen<string> Word = Any.Of("a", "b", "😀").Array[1, 3].Select(string.Concat);
    static readonly Gen<string[]> Parts = Any.Of("a", "b", "ab", "😀", "", "ba\u0001").Array[0, 12];

    [Fact]
    public void Output_ends_where_the_first_stop_string_is_complete() =>
        Gen.Select(Word.Array[1, 3], Parts, Gen.Bool, Gen.Int[0, 4]).Sample((stops, parts, include, minTokens) =>
        {
            var (shown, stop) = Run(stops, parts, include, minTokens);
            return (string.Concat(shown), stop) == Naive(stops, parts, include, minTokens);
        }, iter: 5000);

    [Fact]
    public void No_part_of_a_stop_string_is_ever_shown() =>
        Gen.Select(Word.Array[1, 3], Parts).Sample((stops, parts) =>
        {
            var (shown, stop) = Run(stops, parts, include: false, minTokens: 0);
            return stop is null || !string.Concat(shown).Contains(stop);
        });

    [Fact]
    public void No_part_ends_in_half_a_character() =>
        Gen.Select(Word.Array[0, 3], Parts).Sample((stops, parts) =>
            Run(stops, parts, include: false, minTokens: 0).Shown.All(s => s.Length == 0 || !char.IsHighSurrogate(s[^1])));

    [Fact]
    public void Text_flows_at_once_where_there_is_nothing_to_stop_at()
    {
        Assert.Equal(["a", "b", ""], Run([], ["a", "b"], false, 0).Shown);
        Assert.Equal(["a", "b", ""], Run(["xyz"], ["a", "b"], include: true, 0).Shown);
        Assert.Equal(["", "", "a", "bc"], Run(["xyz"], ["a", "b", "c"], include: false, 0).Shown);
    }

    static (List<string> Shown, string? Stop) Run(string[] stops, string[] parts, bool include, int minTokens)
    {
        var matcher = new StopStringMatcher(stops, include, minTokens);
        List<string> shown = [];
        for (var i = 0; i < parts.Length; i++)
        {
            if (matcher.Append(parts[i], i + 1) is { } stop)
                return ([.. shown, matcher.Release(finished: true)], stop);
            shown.Add(matcher.Release(finished: false));
        }
        return ([.. shown, matcher.Release(finished: true)], null);
    }

    static (string, string?) Naive(string[] stops, string[] parts, bool include, int minTokens)
    {
        for (var i = minTokens; i < parts.Length; i++)
        {
            var before = string.Concat(parts.Take(i));
            foreach (var stop in stops)
                for (var end = before.Length + 1; end <= before.Length + parts[i].Length; end++)
                    if ((before + parts[i])[..end].EndsWith(stop, StringComparison.Ordinal))
                        return ((before + parts[i])[..(include ? end : end - stop.Length)], stop);
        }
        return (string.Concat(parts), null);
    }
}
