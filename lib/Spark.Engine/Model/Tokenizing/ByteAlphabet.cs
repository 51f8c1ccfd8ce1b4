using System.Text;

namespace Spark.Engine;

/// <summary>GPT-2's one-to-one map of the 256 bytes to printable characters, in which byte-level vocabularies are written.</summary>
internal static class ByteAlphabet
{
    static readonly char[] CharOfByte = new char[256];
    static readonly Dictionary<char, byte> ByteOfChar = new(256);

    static ByteAlphabet()
    {
        var next = 256;
        for (var b = 0; b < 256; b++)
        {
            var printable = b is >= '!' and <= '~' or >= '¡' and <= '¬' or >= '®' and <= 'ÿ';
            CharOfByte[b] = printable ? (char)b : (char)next++;
            ByteOfChar[CharOfByte[b]] = (byte)b;
        }
    }

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var chars = new char[bytes.Length];
        for (var i = 0; i < bytes.Length; i++)
            chars[i] = CharOfByte[bytes[i]];
        return new(chars);
    }

    /// <summary>A token's bytes; text outside the alphabet (an added token with a space in it) stands for itself.</summary>
    public static byte[] Decode(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
            if (!ByteOfChar.TryGetValue(token[i], out bytes[i]))
                return Encoding.UTF8.GetBytes(token);
        return bytes;
    }
}
