using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Grid.Engine.Collectives.Nccl;
using Grid.Engine.Tests.Weights;
using TorchSharp;

namespace Grid.Engine.Tests.Collectives.Nccl;

/// <summary>Compiles nccl_stub.c and loads it, as libtorch would have loaded NCCL.</summary>
public sealed unsafe class NcclStub : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly nint _library;

    public NcclStub()
    {
        if (torch.cuda.is_available())
        {
            Absence = "libtorch has loaded NCCL itself on this machine: NcclCudaTests take that.";
            return;
        }

        var path = Path.Combine(_folder.Path, "libnccl.so.2");
        try
        {
            using var compiler = Process.Start(new ProcessStartInfo(
                "cc", ["-shared", "-fPIC", "-O1", "-o", path, Path.Combine(AppContext.BaseDirectory, "nccl_stub.c"),
                "-lpthread"])
            { RedirectStandardError = true })!;
            var errors = compiler.StandardError.ReadToEnd();
            compiler.WaitForExit();
            Assert.True(compiler.ExitCode == 0, errors);
        }
        catch (Win32Exception exception)
        {
            Absence = $"The stub of NCCL cannot be compiled: {exception.Message}.";
            return;
        }

        _library = NativeLibrary.Load(path);
        Library = NcclLibrary.Find(_ => null);
    }

    /// <summary>Why it is not there, or null.</summary>
    public string? Absence { get; }

    /// <summary>Communicators that were made and not ended.</summary>
    public int Live => ((delegate* unmanaged<int>)Export("stub_live"))();

    /// <summary>One line a call.</summary>
    public string[] Log =>
        Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)Export("stub_log"))())!.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    internal NcclLibrary Library { get; } = null!;

    public void Reset() => ((delegate* unmanaged<void>)Export("stub_reset"))();

    // It stays loaded: threads may still be in it.
    public void Dispose() => _folder.Dispose();

    internal void Misbehave(StubFault fault, int rank) => ((delegate* unmanaged<int, int, void>)Export("stub_misbehave"))((int)fault, rank);

    internal IDeviceStream Stream(int rank) => new HostStream(this, ((delegate* unmanaged<int, nint>)Export("stub_stream"))(rank));

    private nint Export(string name) => NativeLibrary.GetExport(_library, name);

    private sealed class HostStream(NcclStub stub, nint handle) : IDeviceStream
    {
        private readonly delegate* unmanaged<nint, int> _isIdle = (delegate* unmanaged<nint, int>)stub.Export("stub_is_idle");

        public DeviceType Type => DeviceType.CPU;

        public nint Handle => handle;

        public void Activate()
        {
        }

        public bool IsIdle(nint stream) => _isIdle(stream) != 0;
    }
}
