using System.Text;
using Grid.Tokenization.Normalization;

namespace Grid.Tokenization.Tests.Normalization;

public sealed class UnicodeNormalizerTests
{
    [Theory]
    [InlineData("cafe\u0301", "caf\u00E9", "cafe\u0301")]
    [InlineData("\u212B", "\u00C5", "A\u030A")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01", "\u1100\u1161\u11A8")]
    [InlineData("a\u0302\u0323", "\u1EAD", "a\u0323\u0302")]
    [InlineData("\u0344", "\u0308\u0301", "\u0308\u0301")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165", "\U0001D157\U0001D165")]
    [InlineData("\u0958", "\u0915\u093C", "\u0915\u093C")]
    [InlineData("\uFB01", "\uFB01", "\uFB01")]
    [InlineData("plain", "plain", "plain")]
    public void Normalize_Canonical_GivesFormsCAndD(string text, string composed, string decomposed)
    {
        Assert.Equal(composed, new UnicodeNormalizer(NormalizationForm.FormC).Normalize(text));
        Assert.Equal(decomposed, new UnicodeNormalizer(NormalizationForm.FormD).Normalize(text));
    }

    /// <summary>Why there is a normalizer at all: once this fails, .NET's own may take its place.</summary>
    [Fact]
    public void Normalize_OfDotNetInInvariantMode_ReturnsItsInput() =>
        Assert.Equal("cafe\u0301", "cafe\u0301".Normalize(NormalizationForm.FormC));

    [Theory]
    [InlineData("\uFB01", "fi", "fi")]
    [InlineData("\uFF21\u00B2", "A2", "A2")]
    [InlineData("\u1E9B\u0323", "\u1E69", "s\u0323\u0307")]
    [InlineData("\u3000x\u00A0", " x ", " x ")]
    public void Normalize_Compatibility_GivesFormsKcAndKd(string text, string composed, string decomposed)
    {
        Assert.Equal(composed, new UnicodeNormalizer(NormalizationForm.FormKC).Normalize(text));
        Assert.Equal(decomposed, new UnicodeNormalizer(NormalizationForm.FormKD).Normalize(text));
    }

    [Fact]
    public void Normalize_LowercaseStripAccents_Compose()
    {
        var normalizer = new NormalizerSequence(
            [new StripNormalizer(left: true, right: true), new UnicodeNormalizer(NormalizationForm.FormD), new StripAccentsNormalizer(),
            new LowercaseNormalizer()]);
        Assert.Equal("ecole 𐐨", normalizer.Normalize("  École 𐐀 "));
        Assert.Equal("i\u0307", new LowercaseNormalizer().Normalize("\u0130"));
    }
}
