using Grid.Hosting.Logging;
using Grid.Primitives.Units;

namespace Grid.Cli.Pull;

/// <summary>One line a file on stderr; on a terminal it counts up.</summary>
internal sealed class DownloadProgress(TextWriter log, string title, long? size, TimeProvider time) : IProgress<long>, IDisposable
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    private readonly long _start = time.GetTimestamp();
    private long _shown;
    private long _bytes;

    public void Report(long value)
    {
        _bytes = value;
        if (!Terminal.ErrorIsLive || time.GetElapsedTime(_shown) < Pace) return;
        _shown = time.GetTimestamp();
        log.Write($"\r{title}: {ByteSize.Format(value)}{(size is { } all ? $" of {ByteSize.Format(all)}" : "")}    ");
    }

    public void Dispose() =>
        log.WriteLine(
        $"{(Terminal.ErrorIsLive ? "\r" : "")}{title}: {ByteSize.Format(_bytes)} in {time.GetElapsedTime(_start).TotalSeconds:0.0} s    "
            + "".TrimEnd());
}
