using Grid.Engine.Weights.Gguf.Quants;
namespace Grid.Engine.Weights.Gguf;

/// <summary>One tensor as the file describes it.</summary>
/// <param name="Name">ggml's name, such as <c>blk.0.attn_q.weight</c>.</param>
/// <param name="Shape">Dimensions, slowest first (the file has them the other way round).</param>
/// <param name="Offset">Offset of its first byte from the start of the data.</param>
/// <param name="Length">The length in bytes.</param>
internal sealed record GgufTensorInfo(string Name, GgufTensorType Type, long[] Shape, long Offset, long Length);
