namespace Grid.Engine.Tests.Parallelism.Remote;

/// <summary>A stream whose reader stands still while it is not awake, whatever comes.</summary>
/// <param name="inner">Passes over.</param>
/// <param name="awake">Whether it is.</param>
/// <param name="missed">Completes when something came that the reader is not given.</param>
internal sealed class HangingStream(Stream inner, ManualResetEventSlim awake, TaskCompletionSource missed) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        try
        {
            return inner.Read(buffer);
        }
        finally
        {
            if (!awake.IsSet) missed.TrySetResult();
            awake.Wait();
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);

    public override void Flush() => inner.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing) inner.Dispose();
        base.Dispose(disposing);
    }
}
