using System.Text;
using Grid.TestUtilities;

namespace Grid.Tokenization.Tests;

public sealed class IncrementalDetokenizerTests
{
    public static TheoryData<string, string> Committed => TokenizerFixtures.Committed;

    [Theory]
    [MemberData(nameof(Committed))]
    public void Append_EveryVector_AddsUpToDecode(string folder, string file)
    {
        var tokenizer = TokenizerFixtures.Load(Fixtures.Own(folder));
        foreach (var vector in TokenizerVector.Read(Path.Combine(Fixtures.Own(folder), file)))
        {
            Check(tokenizer, vector.Ids, skipSpecialTokens: false);
            Check(tokenizer, vector.Ids, skipSpecialTokens: true);
        }
    }

    [Theory]
    [MemberData(nameof(Committed))]
    public void Append_RandomIds_AddsUpToDecode(string folder, string file)
    {
        Assert.NotEmpty(file);
        var tokenizer = TokenizerFixtures.Load(Fixtures.Own(folder));
        var seed = Random.Shared.Next();
        TestContext.Current.TestOutputHelper!.WriteLine($"seed {seed}");
        var random = new Random(seed);
        for (var i = 0; i < 300; i++)
        {
            // The first ids of these vocabularies are bytes: runs of them make broken UTF-8.
            var highest = random.Next(2) == 0 ? 300 : tokenizer.VocabSize + 2;
            var ids = Enumerable.Range(0, random.Next(1, 24)).Select(_ => random.Next(-1, highest)).ToArray();
            Check(tokenizer, ids, random.Next(2) == 0);
        }
    }

    [Theory]
    [MemberData(nameof(Committed))]
    public void Append_AfterReplayedIds_GoesOnWhereTheyEnd(string folder, string file)
    {
        var tokenizer = TokenizerFixtures.Load(Fixtures.Own(folder));
        foreach (var vector in TokenizerVector.Read(Path.Combine(Fixtures.Own(folder), file))
            .Where(vector => vector.Ids.Length is > 1 and < 40))
        {
            var before = new IncrementalDetokenizer(tokenizer, skipSpecialTokens: false);
            var text = new StringBuilder();
            for (var cut = 0; cut <= vector.Ids.Length; cut++)
            {
                if (cut > 0) text.Append(before.Append(vector.Ids[cut - 1]));
                var after = new IncrementalDetokenizer(tokenizer, skipSpecialTokens: false, vector.Ids.AsSpan(0, cut));
                var rest = string.Concat(vector.Ids.Skip(cut).Select(after.Append)) + after.Flush();
                Assert.Equal(vector.Decoded, text + rest);
            }
        }
    }

    [Fact]
    public void Append_ByteLevelWord_IsGivenAtOnce()
    {
        var detokenizer = new IncrementalDetokenizer(TokenizerFixtures.Load(Fixtures.Own("tokenizers/made/split-nfc")));
        var ids = TokenizerFixtures.Load(Fixtures.Own("tokenizers/made/split-nfc")).Encode("plain words");
        Assert.All(ids, id => Assert.NotEqual("", detokenizer.Append(id)));
        Assert.Equal("", detokenizer.Flush());
    }

    [Fact]
    public void Append_CharacterOfFourByteTokens_IsGivenWhole()
    {
        var detokenizer = new IncrementalDetokenizer(new ByteTokenizer(512));
        var texts = Encoding.UTF8.GetBytes("a😀b").Select(value => detokenizer.Append(value));
        Assert.Equal(["a", "", "", "", "😀", "b"], texts);
    }

    [Fact]
    public void Flush_HalfACharacter_GivesReplacement()
    {
        var detokenizer = new IncrementalDetokenizer(new ByteTokenizer(512));
        Assert.Equal("", detokenizer.Append(0xE2));
        Assert.Equal("", detokenizer.Append(0x82));
        Assert.Equal("\uFFFD", detokenizer.Flush());
        Assert.Equal("x", detokenizer.Append('x'));
    }

    private static void Check(ITokenizer tokenizer, int[] ids, bool skipSpecialTokens)
    {
        var detokenizer = new IncrementalDetokenizer(tokenizer, skipSpecialTokens);
        var pieces = (string[])[.. ids.Select(detokenizer.Append), detokenizer.Flush()];
        Assert.Equal(tokenizer.Decode(ids, skipSpecialTokens), string.Concat(pieces));
        Assert.All(pieces, piece => Assert.Equal(piece, Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(piece))));
    }
}
