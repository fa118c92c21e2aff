using System.Text;
using Grid.TestUtilities;
using Grid.Tokenization.Loading;

namespace Grid.Tokenization.Tests;

public sealed class BpeTokenizerTests
{
    [Theory]
    [InlineData("split-nfc", "a")]
    [InlineData("split-nfc", " ")]
    [InlineData("split-nfc", "字")]
    [InlineData("spm-prepend", "a")]
    [InlineData("spm-prepend", "😀")]
    [InlineData("spm-metaspace-first", "ab")]
    public void Encode_OneMegabyteOfOneLetter_Finishes(string name, string letter)
    {
        var tokenizer = TokenizerFixtures.Load(Fixtures.Own($"tokenizers/made/{name}"));
        var text = string.Concat(Enumerable.Repeat(letter, (1 << 20) / Encoding.UTF8.GetByteCount(letter)));
        Assert.Equal(text.Length, tokenizer.Decode(tokenizer.Encode(text, addSpecialTokens: false)).Length);
    }

    [Fact]
    public void Encode_ManyThreads_AgreesWithVectors()
    {
        var folder = Fixtures.Own("tokenizers/made/split-ignore-merges-bos");
        var tokenizer = TokenizerLoader.FromFolder(folder);
        var vectors = TokenizerVector.Read(Path.Combine(folder, "vectors.json"));
        Parallel.For(0, 4, _ => Assert.All(vectors, vector => vector.Check(tokenizer)));
    }

    [Fact]
    public void Encode_LoneSurrogates_AreReplacementCharacters()
    {
        var tokenizer = TokenizerFixtures.Load(Fixtures.Own("tokenizers/made/split-merged-next"));
        Assert.Equal(tokenizer.Encode("a\uFFFDb\uFFFD"), tokenizer.Encode("a\uDC00b\uD83D"));
    }

    [Fact]
    public void IdToBytes_ByteLevel_IsTheTextsBytes()
    {
        var tokenizer = TokenizerFixtures.Load(Fixtures.Own("tokenizers/made/split-merged-next"));
        var bytes = tokenizer.Encode("é 😀 the").SelectMany(id => tokenizer.IdToBytes(id).ToArray()).ToArray();
        Assert.Equal("é 😀 the"u8.ToArray(), bytes);
    }

    [Fact]
    public void IdToBytes_SentencePiece_WritesMarksAsSpacesAndByteTokensAsBytes()
    {
        var tokenizer = TokenizerFixtures.Load(Fixtures.Own("tokenizers/made/spm-prepend"));
        var bytes = tokenizer.Encode("the 🦙", addSpecialTokens: false).SelectMany(id => tokenizer.IdToBytes(id).ToArray()).ToArray();
        Assert.Equal(" the 🦙"u8.ToArray(), bytes);
    }

    [Fact]
    public void IdToToken_OutsideTheVocabulary_IsNull()
    {
        var tokenizer = TokenizerFixtures.Load(Fixtures.Own("tokenizers/made/split-nfc"));
        Assert.Equal(1507, tokenizer.VocabSize);
        Assert.Null(tokenizer.IdToToken(-1));
        Assert.Null(tokenizer.IdToToken(tokenizer.VocabSize));
        Assert.True(tokenizer.IdToBytes(tokenizer.VocabSize).IsEmpty);
        Assert.Null(tokenizer.TokenToId("no such token"));
    }

    [Fact]
    public void IsSpecial_AddedTokens_FollowsTheirFlag()
    {
        var tokenizer = TokenizerFixtures.Load(Fixtures.Own("tokenizers/made/split-nfc"));
        Assert.True(tokenizer.IsSpecial(tokenizer.TokenToId("<S>")!.Value));
        Assert.False(tokenizer.IsSpecial(tokenizer.TokenToId("<tool>")!.Value));
        Assert.False(tokenizer.IsSpecial(0));
    }
}
