using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Serialization;

namespace Grid.Primitives.Ids;

/// <summary>
/// A shard within its replica: a worker of a data-parallel rank, written <c>dpN/ppN/tpN</c>, or an <see cref="ExpertShardId"/>. Shards
/// are ordered as plans list them: by rank, then stage, then tensor index; expert shards come last.
/// </summary>
[JsonConverter(typeof(IdJsonConverter<ShardId>))]
public readonly record struct ShardId : IGridId<ShardId>, IComparable<ShardId>
{
    internal const string RankMark = "dp";
    private const string StageMark = "pp";
    private const string TensorMark = "tp";

    private readonly bool _isExpert;
    private readonly int _number;

    /// <summary>A worker of a rank.</summary>
    /// <param name="tensor">The index within the tensor-parallel group.</param>
    public ShardId(int rank, int stage, int tensor) => (_number, Stage, Tensor) = (rank, stage, tensor);

    private ShardId(ExpertShardId expert) => (_isExpert, _number) = (true, expert.Number);

    /// <inheritdoc/>
    public static string Form => $"{RankMark}N/{StageMark}N/{TensorMark}N or {ExpertShardId.Form}";

    /// <summary>Whether it holds experts that all ranks share.</summary>
    public bool IsExpert => _isExpert;

    /// <summary>Which expert shard it is; null for a worker of a rank.</summary>
    public ExpertShardId? Expert => _isExpert ? new ExpertShardId(_number) : null;

    /// <summary>The data-parallel rank; null for an expert shard.</summary>
    public int? Rank => _isExpert ? null : _number;

    /// <summary>The pipeline stage; 0 for an expert shard.</summary>
    public int Stage { get; }

    /// <summary>The index within the tensor-parallel group; 0 for an expert shard.</summary>
    public int Tensor { get; }

    /// <summary>The rank that it drives, as the first shard of that rank; null for every other shard.</summary>
    public int? DrivenRank => !_isExpert && Stage == 0 && Tensor == 0 ? _number : null;

    /// <summary>An expert shard is a shard.</summary>
    public static implicit operator ShardId(ExpertShardId expert) => new(expert);

    /// <summary>The shard that drives a rank: its first.</summary>
    public static ShardId DriverOf(int rank) => new(rank, 0, 0);

    /// <summary>All shards of a replica in the order of plans: tensor fastest, then pipeline, then data; then experts.</summary>
    public static IEnumerable<ShardId> All(int data, int pipeline, int tensor, int expert)
    {
        for (var d = 0; d < data; d++)
            for (var p = 0; p < pipeline; p++)
                for (var t = 0; t < tensor; t++) yield return new ShardId(d, p, t);
        for (var e = 0; e < expert; e++) yield return new ExpertShardId(e);
    }

    /// <summary>A worker within its rank: <c>tp1</c>, and <c>pp0/tp1</c> where the rank has several stages.</summary>
    public static string NameWithinRank(int stage, int tensor, int stages) =>
        stages == 1 ? $"{TensorMark}{tensor}" : NameWithinRank(stage, tensor);

    /// <summary>A worker within its rank, its stage always named: <c>pp0/tp1</c>.</summary>
    public static string NameWithinRank(int stage, int tensor) => $"{StageMark}{stage}/{TensorMark}{tensor}";

    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is anything else.</exception>
    public static ShardId Parse(string text) => IdText.Parse<ShardId>(text);

    /// <inheritdoc/>
    public static bool TryParse([NotNullWhen(true)] string? text, out ShardId id)
    {
        id = default;
        if (ExpertShardId.TryParse(text, out var expert))
        {
            id = expert;
            return true;
        }

        if (!IdText.TryReadLast(text, TensorMark, out var rest, out var tensor)) return false;
        if (!IdText.TryReadLast(rest, StageMark, out rest, out var stage) || !IdText.TryReadPart(rest, RankMark, out var rank))
            return false;
        id = new ShardId(rank, stage, tensor);
        return true;
    }

    /// <inheritdoc/>
    public int CompareTo(ShardId other) =>
        (_isExpert, _number, Stage, Tensor).CompareTo((other._isExpert, other._number, other.Stage, other.Tensor));

    /// <inheritdoc/>
    public override string ToString() =>
        Expert is { } expert ? expert.ToString() : $"{RankId.ShortName(_number)}/{NameWithinRank(Stage, Tensor)}";
}
