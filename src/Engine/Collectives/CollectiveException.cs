using System.Globalization;

namespace Grid.Engine.Collectives;

/// <summary>Shards could not exchange tensors because one of them is late, gone or has failed.</summary>
/// <param name="message">Names the operation, the step and the shards.</param>
/// <param name="inner">The failure of the shard that failed first, or null.</param>
public sealed class CollectiveException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Shards did not arrive before the deadline.</summary>
    /// <param name="operation">Such as <c>all_reduce</c>.</param>
    /// <param name="step">The engine step that was being computed.</param>
    /// <param name="timeout">How long was waited.</param>
    /// <param name="missing">The shards that did not arrive.</param>
    /// <param name="cause">What one of them reported, or null.</param>
    internal static CollectiveException TimedOut(
        string operation, long step, TimeSpan timeout, IEnumerable<string> missing, Exception? cause = null) => new(
        string.Create(CultureInfo.InvariantCulture, $"{operation} at step {step} timed out after {timeout.TotalSeconds:0.###} s: ")
        + $"waiting for shard {string.Join(", ", missing)}{(cause is null ? "" : $" ({cause.Message})")}", cause);

    /// <summary>A shard is gone.</summary>
    internal static CollectiveException Broken(string operation, long step, string shard, Exception? cause) => new(
        string.Create(CultureInfo.InvariantCulture, $"{operation} at step {step} failed: shard {shard} is gone")
        + (cause is null ? "" : $": {cause.Message}"), cause);
}
