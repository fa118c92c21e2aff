using Grid.TestUtilities;

namespace Grid.Tokenization.Tests;

public sealed class TokenizerVectorTests
{
    public static TheoryData<string, string> Committed => TokenizerFixtures.Committed;

    public static TheoryData<string, string> Published => TokenizerFixtures.Published;

    [Theory]
    [MemberData(nameof(Committed))]
    public void Tokenizer_CommittedVectors_AgreesOnEvery(string folder, string file) => CheckAll(Fixtures.Own(folder), file);

    [Theory]
    [MemberData(nameof(Published))]
    public void Tokenizer_PublishedVectors_AgreesOnEvery(string folder, string file)
    {
        var path = Fixtures.Shared(folder);
        if (path is null) Assert.Skip($"{folder} is not in the shared fixtures");
        CheckAll(path, file);
    }

    private static void CheckAll(string folder, string file)
    {
        var tokenizer = TokenizerFixtures.Load(folder);
        var vectors = TokenizerVector.Read(Path.Combine(folder, file));
        Assert.NotEmpty(vectors);
        Assert.All(vectors, vector => vector.Check(tokenizer));
    }
}
