namespace Grid.Tokenization.Normalization;

/// <summary>Hangul syllables compose by arithmetic (The Unicode Standard, section 3.12).</summary>
internal static class HangulSyllable
{
    private const int SyllableBase = 0xAC00;
    private const int LeadBase = 0x1100;
    private const int VowelBase = 0x1161;
    private const int TailBase = 0x11A7;
    private const int LeadCount = 19;
    private const int VowelCount = 21;
    private const int TailCount = 28;
    private const int SyllableCount = LeadCount * VowelCount * TailCount;

    public static bool IsSyllable(int rune) => rune is >= SyllableBase and < SyllableBase + SyllableCount;

    public static void Decompose(int syllable, List<int> output)
    {
        var index = syllable - SyllableBase;
        output.Add(LeadBase + (index / (VowelCount * TailCount)));
        output.Add(VowelBase + (index / TailCount % VowelCount));
        if (index % TailCount != 0) output.Add(TailBase + (index % TailCount));
    }

    public static int? Compose(int first, int second)
    {
        if (first is >= LeadBase and < LeadBase + LeadCount && second is >= VowelBase and < VowelBase + VowelCount)
            return SyllableBase + ((((first - LeadBase) * VowelCount) + second - VowelBase) * TailCount);
        var hasNoTail = IsSyllable(first) && (first - SyllableBase) % TailCount == 0;
        return hasNoTail && second is > TailBase and < TailBase + TailCount ? first + second - TailBase : null;
    }
}
