namespace Grid.Tokenization.Gguf;

/// <summary>What <c>tokenizer.ggml.model</c> says.</summary>
public enum GgufVocabularyKind
{
    /// <summary><c>gpt2</c>: byte-level BPE, merges in order.</summary>
    Gpt2,

    /// <summary><c>llama</c>: SentencePiece-style BPE, merges by score, byte fallback.</summary>
    Llama,
}
