using System.Runtime.InteropServices;
using Grid.Engine.Configuration;
using Grid.Engine.Devices;

namespace Grid.Engine.Collectives.Nccl;

/// <summary>The functions of <c>libnccl.so.2</c>. A result of 0 is success.</summary>
internal sealed unsafe class NcclLibrary
{
    /// <summary>Where the library is, if libtorch has not loaded it and the system does not find it.</summary>
    public const string PathVariable = "GRID_NCCL_LIBRARY";

    private const string Name = "libnccl.so.2";

    // The first version with bfloat16.
    private const int LeastVersion = 21000;

    private static readonly Lazy<NcclLibrary> Found = new(() => Find(Environment.GetEnvironmentVariable));

    private readonly delegate* unmanaged<int, byte*> _errorString;
    private readonly delegate* unmanaged<NcclUniqueId*, int> _uniqueId;
    private readonly delegate* unmanaged<nint*, int, NcclUniqueId, int, int> _initRank;

    private NcclLibrary(nint library)
    {
        int version;
        var getVersion = (delegate* unmanaged<int*, int>)NativeLibrary.GetExport(library, "ncclGetVersion");
        if (getVersion(&version) != 0 || version < LeastVersion)
            throw new ModelLoadException($"NCCL must be 2.10 or later for bfloat16; got {Name} with version number {version}.");
        Version = version;
        _errorString = (delegate* unmanaged<int, byte*>)NativeLibrary.GetExport(library, "ncclGetErrorString");
        _uniqueId = (delegate* unmanaged<NcclUniqueId*, int>)NativeLibrary.GetExport(library, "ncclGetUniqueId");
        _initRank = (delegate* unmanaged<nint*, int, NcclUniqueId, int, int>)NativeLibrary.GetExport(library, "ncclCommInitRank");
        AllReduce = (delegate* unmanaged<void*, void*, nuint, NcclDataType, int, nint, nint, int>)NativeLibrary.GetExport(library,
            "ncclAllReduce");
        AllGather =
            (delegate* unmanaged<void*, void*, nuint, NcclDataType, nint, nint, int>)NativeLibrary.GetExport(library, "ncclAllGather");
        Broadcast = (delegate* unmanaged<void*, void*, nuint, NcclDataType, int, nint, nint, int>)NativeLibrary.GetExport(library,
            "ncclBroadcast");
        Send = (delegate* unmanaged<void*, nuint, NcclDataType, int, nint, nint, int>)NativeLibrary.GetExport(library, "ncclSend");
        Receive = (delegate* unmanaged<void*, nuint, NcclDataType, int, nint, nint, int>)NativeLibrary.GetExport(library, "ncclRecv");
        GetAsyncError = (delegate* unmanaged<nint, int*, int>)NativeLibrary.GetExport(library, "ncclCommGetAsyncError");
        Abort = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(library, "ncclCommAbort");
        Destroy = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(library, "ncclCommDestroy");
    }

    /// <summary>The one instance of this process.</summary>
    /// <exception cref="ModelLoadException">The library is missing or too old.</exception>
    public static NcclLibrary Shared => Found.Value;

    /// <summary>The version number, such as 22105 for 2.21.5.</summary>
    public int Version { get; }

    /// <summary>Input, output, elements, type, operation (0 adds), communicator, stream.</summary>
    public delegate* unmanaged<void*, void*, nuint, NcclDataType, int, nint, nint, int> AllReduce { get; }

    /// <summary>Input, output, elements of the input, type, communicator, stream.</summary>
    public delegate* unmanaged<void*, void*, nuint, NcclDataType, nint, nint, int> AllGather { get; }

    /// <summary>Input, output, elements, type, root, communicator, stream.</summary>
    public delegate* unmanaged<void*, void*, nuint, NcclDataType, int, nint, nint, int> Broadcast { get; }

    /// <summary>Input, elements, type, the other rank, communicator, stream.</summary>
    public delegate* unmanaged<void*, nuint, NcclDataType, int, nint, nint, int> Send { get; }

    /// <summary>Output, elements, type, the other rank, communicator, stream.</summary>
    public delegate* unmanaged<void*, nuint, NcclDataType, int, nint, nint, int> Receive { get; }

    /// <summary>Communicator, and a pointer to which the error since the last call is written.</summary>
    public delegate* unmanaged<nint, int*, int> GetAsyncError { get; }

    /// <summary>Ends a communicator and whatever it waits for. Any thread may call it.</summary>
    public delegate* unmanaged<nint, int> Abort { get; }

    /// <summary>Ends an idle communicator.</summary>
    public delegate* unmanaged<nint, int> Destroy { get; }

    /// <summary>Finds the library that the process has loaded already, else the system's, else the one that the variable names.</summary>
    /// <exception cref="ModelLoadException">The library is missing or too old.</exception>
    public static NcclLibrary Find(Func<string, string?> environment)
    {
        string[] names = [.. MappedLibraries.Of("libnccl"), Name,
            .. environment(PathVariable) is { Length: > 0 } path ? new[] { path } : []];
        foreach (var name in names)
            if (NativeLibrary.TryLoad(name, typeof(NcclLibrary).Assembly, null, out var library)) return new NcclLibrary(library);
        throw new ModelLoadException(
            $"NCCL is missing: none of {string.Join(", ", names)} could be loaded. Install it, or set {PathVariable} to its path.");
    }

    /// <summary>Creates the id of a new group.</summary>
    public NcclUniqueId CreateUniqueId()
    {
        NcclUniqueId id;
        Check(_uniqueId(&id), "ncclGetUniqueId");
        return id;
    }

    /// <summary>Creates one member's communicator on the thread's device. Waits for all members, without a deadline.</summary>
    public nint Connect(int size, NcclUniqueId id, int rank)
    {
        nint communicator;
        Check(_initRank(&communicator, size, id, rank), "ncclCommInitRank");
        return communicator;
    }

    /// <summary>The error number with its meaning.</summary>
    public string Explain(int code) => $"NCCL error {code}, {Marshal.PtrToStringUTF8((nint)_errorString(code))}";

    private void Check(int code, string call)
    {
        if (code != 0) throw new InvalidOperationException($"{call}: {Explain(code)}");
    }
}
