using System.Diagnostics;

namespace Grid.TestUtilities.Waiting;

/// <summary>Waits of tests for conditions that come about by themselves.</summary>
public static class Eventually
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="condition">Is asked again and again.</param>
    /// <param name="what">What is waited for, as a sentence.</param>
    /// <param name="patience">How long it may take on an idle machine; see <see cref="BusyMachine"/>.</param>
    /// <param name="cancellation">The test's.</param>
    /// <exception cref="TimeoutException">It does not hold in time.</exception>
    public static Task HoldsAsync(Func<bool> condition, string what, TimeSpan patience, CancellationToken cancellation) =>
        HoldsAsync(() => Task.FromResult(condition()), what, patience, cancellation);

    /// <inheritdoc cref="HoldsAsync(Func{bool}, string, TimeSpan, CancellationToken)"/>
    /// <param name="describe">Says more where it fails; null: nothing.</param>
    public static async Task HoldsAsync(
        Func<Task<bool>> condition, string what, TimeSpan patience, CancellationToken cancellation, Func<Task<string>>? describe = null)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > BusyMachine.Stretch(patience))
                throw new TimeoutException($"Not within {clock.Elapsed.TotalSeconds:0} s: {what}."
                    + (describe is null ? "" : Environment.NewLine + await describe()));
            await Task.Delay(Look, cancellation);
        }
    }
}
