using System.Globalization;

namespace Grid.Engine.Parallelism.Collectives;

/// <summary>Ranks could not exchange tensors: one of them is late, gone or failed.</summary>
/// <param name="message">Names operation, step and ranks.</param>
/// <param name="inner">The failure of the rank that began it, or null.</param>
public sealed class CollectiveException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Ranks did not arrive before the deadline; the cause is what one of them said, or null.</summary>
    internal static CollectiveException TimedOut(string operation, long step, TimeSpan timeout, IEnumerable<string> missing, Exception? cause = null) => new(
        string.Create(CultureInfo.InvariantCulture, $"{operation} step {step} timed out after {timeout.TotalSeconds:0.###} s: waiting for rank {string.Join(", ", missing)}{(cause is null ? "" : $" ({cause.Message})")}"), cause);

    /// <summary>A rank gave up.</summary>
    internal static CollectiveException Broken(string operation, long step, string rank, Exception? cause) => new(
        string.Create(CultureInfo.InvariantCulture, $"{operation} step {step} failed: rank {rank} is gone{(cause is null ? "" : $": {cause.Message}")}"), cause);
}
