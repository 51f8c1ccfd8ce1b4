namespace Spark.Notebooks.Tests;

public class ByteSizes
{
    [Theory]
    [InlineData("4096", 4096)]
    [InlineData("512MiB", 512L << 20)]
    [InlineData("1.5 GiB", 3L << 29)]
    [InlineData("2GB", 2_000_000_000)]
    [InlineData("64 KiB", 65536)]
    public void Sizes_are_read_with_their_units(string text, long bytes) => Assert.Equal(bytes, ByteSize.Parse(text).Bytes);

    [Theory]
    [InlineData("")]
    [InlineData("512 mb")]
    [InlineData("-1MiB")]
    [InlineData("much")]
    public void What_is_no_size_is_refused_with_an_example(string text) =>
        Assert.Contains("512MiB", Assert.Throws<FormatException>(() => ByteSize.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void GiB_and_GB_are_kept_apart()
    {
        Assert.Equal(1.073741824, ByteSize.FromGiB(1).GB);
        Assert.Equal(1, ByteSize.FromGB(1).GB);
        Assert.Equal("953.67 MiB", ByteSize.FromGB(1).ToString());
    }
}
