using Grid.Primitives.Ids;

namespace Grid.Engine.Planning;

/// <summary>Parallel sizes of a replica.</summary>
/// <param name="Tensor">Tensor shards of each stage.</param>
/// <param name="Pipeline">Stages of each data-parallel rank.</param>
/// <param name="Data">The number of data-parallel ranks.</param>
/// <param name="Expert">Expert shards; 0: experts are sliced over the tensor shards.</param>
public sealed record ParallelLayout(int Tensor = 1, int Pipeline = 1, int Data = 1, int Expert = 0)
{
    /// <summary>Number of devices, which expert shards share.</summary>
    public int WorldSize => Tensor * Pipeline * Data;

    /// <summary>The strategy as <c>grid plan</c> names it: single, tensor, pipeline, tensor_pipeline or moe.</summary>
    public string Strategy => this switch
    {
        { Expert: > 0 } => "moe",
        { Tensor: > 1, Pipeline: > 1 } => "tensor_pipeline",
        { Tensor: > 1 } => "tensor",
        { Pipeline: > 1 } => "pipeline",
        _ => "single",
    };

    /// <summary>The shard whose device an expert shard shares; expert shards are spread evenly.</summary>
    public int RankBeside(int expertShard) => (int)((long)expertShard * WorldSize / Expert);

    /// <summary>The shard on the nth device: tensor fastest, then pipeline, then data.</summary>
    internal ShardId ShardOf(int device) => new(device / Tensor / Pipeline, device / Tensor % Pipeline, device % Tensor);

    /// <summary>The flags that ask for it.</summary>
    internal string Flags
    {
        get
        {
            (string Name, int Size)[] sizes = [("-tp", Tensor), ("-pp", Pipeline), ("-dp", Data)];
            var flags = sizes.Where(size => size.Size > 1).Select(size => $"{size.Name} {size.Size}");
            if (Expert > 0) flags = flags.Append($"--enable-expert-parallel --expert-parallel-size {Expert}");
            return string.Join(' ', flags) is { Length: > 0 } text ? text : "-tp 1";
        }
    }
}
