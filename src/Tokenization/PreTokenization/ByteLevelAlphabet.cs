namespace Grid.Tokenization.PreTokenization;

/// <summary>GPT-2's printable character for each byte.</summary>
internal static class ByteLevelAlphabet
{
    private static readonly char[] Characters = new char[256];
    private static readonly short[] Bytes = new short[0x144];

    static ByteLevelAlphabet()
    {
        Array.Fill(Bytes, (short)-1);
        var next = 0x100;
        for (var value = 0; value < 256; value++)
        {
            var printable = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF);
            Characters[value] = (char)(printable ? value : next++);
            Bytes[Characters[value]] = (short)value;
        }
    }

    public static char Character(byte value) => Characters[value];

    /// <summary>The characters of text's UTF-8 bytes; <paramref name="output"/> needs three units for each of text's.</summary>
    public static int Encode(ReadOnlySpan<char> text, Span<char> output)
    {
        var written = 0;
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in text.EnumerateRunes())
        {
            var count = rune.EncodeToUtf8(bytes);
            for (var i = 0; i < count; i++) output[written++] = Characters[bytes[i]];
        }
        return written;
    }

    /// <summary>The bytes of a token; null where one of its characters stands for no byte.</summary>
    public static byte[]? Decode(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < token.Length; i++)
        {
            if (token[i] >= Bytes.Length || Bytes[token[i]] < 0) return null;
            bytes[i] = (byte)Bytes[token[i]];
        }
        return bytes;
    }
}
