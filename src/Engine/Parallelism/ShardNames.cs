namespace Grid.Engine.Parallelism;

/// <summary>What people see of a shard.</summary>
internal static class ShardNames
{
    /// <summary><c>tp1</c>, and <c>pp0/tp1</c> where there are several stages.</summary>
    public static string Of(int stage, int tensor, int stages) => stages == 1 ? $"tp{tensor}" : $"pp{stage}/tp{tensor}";
}
