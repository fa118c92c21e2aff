using System.Text.Json;
using Grid.Engine.Weights.Gguf;
using Grid.TestUtilities;
using Grid.Tokenization;
using Grid.Tokenization.Loading;

namespace Grid.Engine.Tests.Weights.Gguf;

public sealed class GgufTokenizerTests
{
    [Theory]
    [InlineData("models/smollm2-135m-instruct/SmolLM2-135M-Instruct.Q4_1.gguf", "models/smollm2-135m-instruct/tokenizer_vectors.json")]
    [InlineData("fixtures/models/stories260K.gguf", "fixtures/models/stories260K/tokenizer-vectors.json")]
    public void Tokenizer_VectorsOfPublishedFile_AgreesOnEvery(string model, string vectors)
    {
        var modelPath = Find(model);
        var vectorsPath = Find(vectors);
        if (modelPath is null || vectorsPath is null) Assert.Skip($"{model} is not among the shared files");
        var tokenizer = Load(modelPath);
        using var document = JsonDocument.Parse(File.ReadAllBytes(vectorsPath));
        Assert.NotEqual(0, document.RootElement.GetArrayLength());
        Assert.All(document.RootElement.EnumerateArray(), vector =>
        {
            var ids = vector.GetProperty("ids").Deserialize<int[]>();
            Assert.Equal(ids, tokenizer.Encode(vector.GetProperty("text").GetString()!, addSpecialTokens: false));
            Assert.Equal(vector.GetProperty("decoded").GetString(), tokenizer.Decode(ids));
        });
    }

    private static string? Find(string path) => path.StartsWith("models/", StringComparison.Ordinal)
        ? Fixtures.SharedModel(path["models/".Length..])
        : Fixtures.Shared(path["fixtures/".Length..]);

    private static ITokenizer Load(string path)
    {
        using var file = new GgufFile(path);
        return TokenizerLoader.FromGguf(GgufVocabularyReader.Read(file.Metadata));
    }
}
