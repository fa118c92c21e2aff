using System.Text;
using Grid.Tokenization.Normalization;

namespace Grid.Tokenization.HuggingFace;

internal static class NormalizerReader
{
    private const string Supported = "NFC, NFD, NFKC, NFKD, Lowercase, Strip, StripAccents, Prepend, Replace, Sequence";

    public static INormalizer Read(JsonComponent normalizer) => normalizer.Type switch
    {
        "NFC" => new UnicodeNormalizer(NormalizationForm.FormC),
        "NFD" => new UnicodeNormalizer(NormalizationForm.FormD),
        "NFKC" => new UnicodeNormalizer(NormalizationForm.FormKC),
        "NFKD" => new UnicodeNormalizer(NormalizationForm.FormKD),
        "Lowercase" => new LowercaseNormalizer(),
        "Strip" => new StripNormalizer(normalizer.GetFlag("strip_left", true), normalizer.GetFlag("strip_right", true)),
        "StripAccents" => new StripAccentsNormalizer(),
        "Prepend" => new PrependNormalizer(normalizer.Get("prepend").Text()),
        "Replace" => new ReplaceNormalizer(PatternReader.Read(normalizer.Get("pattern")), normalizer.Get("content").Text()),
        "Sequence" => new NormalizerSequence([.. normalizer.Items("normalizers").Select(Read)]),
        _ => throw normalizer.UnsupportedType(Supported),
    };
}
