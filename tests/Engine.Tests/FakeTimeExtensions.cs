using Microsoft.Extensions.Time.Testing;

namespace Grid.Engine.Tests;

/// <summary>Lets deadlines of other threads pass without waiting for them.</summary>
internal static class FakeTimeExtensions
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    /// <summary>Runs an action on a thread of its own.</summary>
    public static Task Start(Action action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <summary>Moves the clock second by second, with a moment of real time between, until a task is complete.</summary>
    public static async Task AdvanceUntilAsync(this FakeTimeProvider time, Task task)
    {
        while (!task.IsCompleted)
        {
            time.Advance(Step);
            await Task.WhenAny(task, Task.Delay(Look, TestContext.Current.CancellationToken));
        }
    }

    /// <summary>The exception that an action throws when the clock moves.</summary>
    public static async Task<TException> ThrowsInTimeAsync<TException>(this FakeTimeProvider time, Action action)
        where TException : Exception
    {
        var task = Start(action);
        await time.AdvanceUntilAsync(task);
        return await Assert.ThrowsAsync<TException>(() => task);
    }
}
