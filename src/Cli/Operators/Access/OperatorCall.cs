using System.CommandLine;
using Grid.Abstractions;
using Grid.Cli.Operators.Output;
using Grid.Client.Admin;

namespace Grid.Cli.Operators.Access;

/// <summary>One run of a verb that talks to the admin API.</summary>
/// <param name="access">Finds the grid; asked again where it may not be there yet.</param>
/// <param name="form">The form given with -o.</param>
/// <param name="watch">Whether the output is repeated at each change.</param>
/// <param name="cancellation">Cancels the call.</param>
internal sealed class OperatorCall(ParseResult result, Func<GridAccess> access, OutputForm form, bool watch,
    CancellationToken cancellation) : IDisposable
{
    /// <summary>The time between two requests to the grid.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);

    /// <summary>How long a verb that waits puts up with a grid that does not answer.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };
    private GridAccess? _access;
    private GridAdminClient? _client;

    public ParseResult Result => result;

    public CancellationToken Cancellation => cancellation;

    public TimeProvider Time { get; } = TimeProvider.System;

    public TextWriter Error => result.InvocationConfiguration.Error;

    public DocumentWriter Output { get; } = new(result.InvocationConfiguration.Output, form);

    public GridAccess Access => _access ??= access();

    public GridAdminClient Client =>
        _client ??= new GridAdminClient(_http, Access.Server, Access.Key, $"{Environment.UserName}@{Environment.MachineName}");

    /// <summary>Forgets where the grid is, so that it is looked for again.</summary>
    public void Forget() => (_access, _client) = (null, null);

    /// <summary>Writes what a look gives; with --watch again whenever it has changed.</summary>
    public async Task<int> ShowAsync<T>(Func<Task<AdminAnswer<T>>> look, Action<TextWriter, T> table)
    {
        for (string? last = null; ; await Task.Delay(Interval, Time, cancellation))
        {
            var answer = await look();
            var text = answer.Json.ToJsonString();
            if (text != last) Output.Write(answer.Json, output => table(output, answer.Value), oneLine: watch);
            if (!watch) return ExitCodes.Done;
            last = text;
        }
    }

    /// <summary>Looks until it is done or the time is over. A grid that does not answer for a while is waited for.</summary>
    /// <param name="look">Returns the exit code, or null to look again.</param>
    /// <param name="timeout">The time limit; null for none.</param>
    /// <returns>The exit code; 7 where the time is over, 3 where the grid never or no longer answers.</returns>
    public async Task<int> WaitAsync(Func<Task<int?>> look, TimeSpan? timeout)
    {
        var start = Time.GetTimestamp();
        long? silentSince = start;
        var everAnswered = false;
        while (true)
        {
            try
            {
                var code = await look();
                (silentSince, everAnswered) = (null, true);
                if (code is { } done) return done;
            }
            catch (Exception fault) when (AdminCalls.IsPassing(fault))
            {
                silentSince ??= Time.GetTimestamp();
                if (timeout is null && Time.GetElapsedTime(silentSince.Value) > Patience) throw;
                if (timeout is { } end && Time.GetElapsedTime(start) > end && !everAnswered) throw;
                Forget();
            }

            if (timeout is { } limit && Time.GetElapsedTime(start) > limit) return ExitCodes.TimedOut;
            await Task.Delay(Interval, Time, cancellation);
        }
    }

    public void Dispose() => _http.Dispose();
}
