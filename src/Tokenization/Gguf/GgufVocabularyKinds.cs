namespace Grid.Tokenization.Gguf;

/// <summary>The names of vocabulary kinds in GGUF files.</summary>
public static class GgufVocabularyKinds
{
    /// <summary>The kind that <c>tokenizer.ggml.model</c> names; null: it is not supported.</summary>
    public static GgufVocabularyKind? Parse(string name) => name switch
    {
        "gpt2" => GgufVocabularyKind.Gpt2,
        "llama" => GgufVocabularyKind.Llama,
        _ => null,
    };
}
