using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Grid.Engine.Kernels;
using Grid.Engine.Parallelism.Links;
using TorchSharp;
using static TorchSharp.torch;

namespace Grid.Engine.Parallelism.Experts.Remote;

/// <summary>
/// Calls, commands and their answers as frames, between processes of the same build. Each frame begins with a number, and the answer has
/// the same one.
/// </summary>
internal static class ExpertFrames
{
    public static void SendCall(FrameLink link, long id, ExpertCall call)
    {
        using var copy = ToHost(call.Input);
        var input = copy ?? call.Input;
        var size = Unsafe.SizeOf<CallHead>();
        var head = new byte[size + call.Runs.Length * Unsafe.SizeOf<ExpertRun>()];
        MemoryMarshal.Write(head,
            new CallHead(id, call.Step, call.Layer, call.Attempt, (int)input.dtype, checked((int)input.size(1)), call.Runs.Length));
        MemoryMarshal.AsBytes(call.Runs).CopyTo(head.AsSpan(size));
        link.Send(FrameKind.ExpertCall, head, input.Bytes());
        GC.KeepAlive(input);
    }

    /// <summary>Reads a call whose header was received last.</summary>
    /// <param name="link">The link to read from.</param>
    /// <param name="header">The header of the frame.</param>
    /// <param name="device">Where the rows are needed.</param>
    /// <param name="ended">Called with the call's number when the call has ended.</param>
    public static ExpertCall ReadCall(FrameLink link, in FrameHeader header, Device device, Action<long, ExpertCall> ended)
    {
        var head = Read<CallHead>(link);
        var left = header.Length - Unsafe.SizeOf<CallHead>();
        if (head.Runs < 0 || (long)head.Runs * Unsafe.SizeOf<ExpertRun>() > left)
            throw new InvalidDataException($"The runs of a call must fit into {left} bytes; got {head.Runs} runs.");
        var runs = new ExpertRun[head.Runs];
        var bytes = MemoryMarshal.AsBytes(runs.AsSpan());
        link.ReadBody(bytes);
        var input = ReadRows(link, left - bytes.Length, runs.Sum(run => (long)run.Rows), head.Hidden, (ScalarType)head.Type);
        return new ExpertCall(head.Layer, head.Step, head.Attempt, runs, ToDevice(input, device), call => ended(head.Id, call));
    }

    public static void SendAnswer(FrameLink link, long id, Tensor output)
    {
        using var copy = ToHost(output);
        var rows = copy ?? output;
        var head = new AnswerHead(id, (int)rows.dtype, checked((int)rows.size(0)), checked((int)rows.size(1)));
        link.Send(FrameKind.ExpertAnswer, MemoryMarshal.AsBytes<AnswerHead>([head]), rows.Bytes());
        GC.KeepAlive(rows);
    }

    /// <summary>Reads an answer into host memory.</summary>
    public static (long Id, Tensor Output) ReadAnswer(FrameLink link, in FrameHeader header)
    {
        var head = Read<AnswerHead>(link);
        return (head.Id, ReadRows(link, header.Length - Unsafe.SizeOf<AnswerHead>(), head.Rows, head.Hidden, (ScalarType)head.Type));
    }

    /// <summary>Moves rows to the device where they are needed.</summary>
    /// <param name="host">The rows in host memory, which are returned or disposed.</param>
    public static Tensor ToDevice(Tensor host, Device device)
    {
        if (device.type == DeviceType.CPU) return host;
        using (host) return host.to(device);
    }

    /// <summary>Sends a number and a body.</summary>
    public static void Send(FrameLink link, FrameKind kind, long id, ReadOnlySpan<byte> body) =>
        link.Send(kind, MemoryMarshal.AsBytes<long>([id]), body);

    public static void SendFailure(FrameLink link, long id, Exception failure) =>
        Send(link, FrameKind.ExpertFailed, id, Encoding.UTF8.GetBytes(failure.Message));

    /// <summary>Reads a number and a body.</summary>
    public static (long Id, byte[] Body) Read(FrameLink link, in FrameHeader header)
    {
        var body = link.ReadBody(header);
        return (MemoryMarshal.Read<long>(body), body[sizeof(long)..]);
    }

    private static Tensor ReadRows(FrameLink link, long bytes, long rows, int hidden, ScalarType type)
    {
        if (type is not (ScalarType.Float32 or ScalarType.BFloat16 or ScalarType.Float16))
            throw new InvalidDataException($"Rows must be Float32, BFloat16 or Float16; got {type}.");
        if (rows < 0 || hidden < 0 || rows * hidden * (type == ScalarType.Float32 ? 4 : 2) != bytes)
            throw new InvalidDataException($"The body must hold {rows} rows of {hidden} {type}; got {bytes} bytes.");
        var tensor = empty(rows, hidden, type);
        try
        {
            link.ReadBody(tensor.Bytes());
            return tensor;
        }
        catch
        {
            tensor.Dispose();
            throw;
        }
    }

    private static T Read<T>(FrameLink link)
        where T : unmanaged
    {
        T value = default;
        link.ReadBody(MemoryMarshal.AsBytes(new Span<T>(ref value)));
        return value;
    }

    private static Tensor? ToHost(Tensor x) => x.device_type == DeviceType.CPU ? null : x.cpu();

    private readonly record struct CallHead(long Id, long Step, int Layer, int Attempt, int Type, int Hidden, int Runs);

    private readonly record struct AnswerHead(long Id, int Type, int Rows, int Hidden);
}
