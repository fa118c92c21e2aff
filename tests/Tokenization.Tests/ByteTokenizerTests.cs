namespace Grid.Tokenization.Tests;

public sealed class ByteTokenizerTests
{
    private readonly ByteTokenizer _tokenizer = new(32000);

    [Fact]
    public void Encode_Text_GivesUtf8Bytes() => Assert.Equal([0x61, 0xE2, 0x82, 0xAC], _tokenizer.Encode("a€"));

    [Fact]
    public void Encode_LoneSurrogate_IsReplacement() => Assert.Equal([0xEF, 0xBF, 0xBD], _tokenizer.Encode("\uD800"));

    [Fact]
    public void Decode_WordsAndBytes_WritesWordsBySpaceWAndId() =>
        Assert.Equal("a w256 w31999€", _tokenizer.Decode([0x61, 256, 31999, 0xE2, 0x82, 0xAC]));

    [Fact]
    public void Decode_IdsOutsideTheVocabulary_GivesNothing() => Assert.Equal("a", _tokenizer.Decode([-1, 0x61, 32000]));

    [Theory]
    [InlineData(0)]
    [InlineData(255)]
    [InlineData(256)]
    [InlineData(31999)]
    public void TokenToId_TokenOfId_IsThatId(int id) => Assert.Equal(id, _tokenizer.TokenToId(_tokenizer.IdToToken(id)!));

    [Theory]
    [InlineData(" w255")]
    [InlineData(" w0256")]
    [InlineData(" w32000")]
    [InlineData("w300")]
    [InlineData("")]
    public void TokenToId_NoToken_IsNull(string token) => Assert.Null(_tokenizer.TokenToId(token));

    [Fact]
    public void Constructor_TooFewIds_NamesTheLimit() =>
        Assert.Contains("at least 256", Assert.Throws<ArgumentOutOfRangeException>(() => new ByteTokenizer(255)).Message,
        StringComparison.Ordinal);
}
