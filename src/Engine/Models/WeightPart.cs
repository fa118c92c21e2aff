using Grid.Engine.Configuration;
using Grid.Engine.Geometry;

namespace Grid.Engine.Models;

/// <summary>Weights that tensor parallelism divides in the same way.</summary>
/// <param name="Elements">Number of weights over all shards.</param>
/// <param name="Division">How shards divide them.</param>
internal readonly record struct WeightPart(long Elements, WeightDivision Division)
{
    /// <summary>Elements that the largest of <paramref name="size"/> tensor shards holds.</summary>
    /// <param name="size">The tensor parallel size: the number of shards of each layer.</param>
    /// <param name="ownExperts">Whether expert shards hold the experts.</param>
    public long OnShard(ModelConfig config, int size, bool ownExperts)
    {
        var shard = new TensorSlice(0, size);
        return Division switch
        {
            WeightDivision.Replicated => Elements,
            WeightDivision.KeyValueHeads => Elements / config.NumKeyValueHeads * shard.OfKVHeads(config.NumKeyValueHeads).Length,
            WeightDivision.Vocabulary => Elements / config.VocabSize * shard.OfVocabulary(config.VocabSize).Padded,
            WeightDivision.Experts when ownExperts => 0,
            _ => (Elements + size - 1) / size,
        };
    }
}
