namespace Grid.Engine.Models;

/// <summary>What tensor parallelism does to a part of the weights.</summary>
internal enum WeightDivision
{
    /// <summary>Every shard holds it: norms, biases of row-parallel linears, routers.</summary>
    Replicated,

    /// <summary>Divided evenly.</summary>
    Tensor,

    /// <summary>Divided by key/value heads, which are replicated past their number.</summary>
    KeyValueHeads,

    /// <summary>Divided by token ids, padded to the shards.</summary>
    Vocabulary,

    /// <summary>Whole on expert shards, or sliced over the tensor shards.</summary>
    Experts,
}
