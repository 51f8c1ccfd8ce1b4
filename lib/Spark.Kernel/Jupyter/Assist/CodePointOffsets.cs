namespace Spark.Kernel;

/// <summary>Jupyter counts a cursor's place in Unicode code points, .NET in UTF-16 units.</summary>
internal static class CodePointOffsets
{
    public static int ToUtf16(string text, int codePoints)
    {
        var offset = 0;
        for (; codePoints > 0 && offset < text.Length; codePoints--)
            offset += char.IsSurrogatePair(text, offset) ? 2 : 1;
        return offset;
    }

    public static int FromUtf16(string text, int offset) => text[..offset].EnumerateRunes().Count();
}
