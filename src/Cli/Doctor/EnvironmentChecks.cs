using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Grid.Cli.Devices;
using Grid.Engine.Planning;
using Grid.Primitives.Units;
using TorchSharp;

namespace Grid.Cli.Doctor;

/// <summary>Looks at this machine: runtime, tensor library, processor, memory, devices.</summary>
internal static class EnvironmentChecks
{
    private const string SharedMemory = "/dev/shm";
    private const long GiB = 1L << 30;

    /// <summary>All checks of the environment.</summary>
    public static IReadOnlyList<DoctorCheck> Run()
    {
        var devices = NvidiaSmi.FindDevices();
        return [Runtime(), TensorLibrary(), Processor(), Memory(), Shared(devices?.Count ?? 0), .. Cuda(devices),
            Nccl(devices?.Count ?? 0)];
    }

    /// <summary>Whether shared memory is large enough for the GPUs of a host to exchange tensors through.</summary>
    internal static DoctorCheck SharedMemoryOf(long bytes, int gpus) => bytes >= GiB || gpus < 2
        ? DoctorCheck.Ok("shared-memory", SharedMemory, ByteSize.Format(bytes))
        : DoctorCheck.Warn("shared-memory", SharedMemory,
        $"{ByteSize.Format(bytes)} for {gpus} GPUs: NCCL may need 1 GiB. Start the container with --ipc=host or --shm-size, or mount a "
            + "volume of medium Memory.");

    private static DoctorCheck Runtime() =>
        DoctorCheck.Ok("dotnet", RuntimeInformation.RuntimeIdentifier, RuntimeInformation.FrameworkDescription);

    private static DoctorCheck TensorLibrary()
    {
        try
        {
            using var ones = torch.ones(2);
            using var sum = ones.sum();
            return sum.ToSingle() == 2
                ? DoctorCheck.Ok("libtorch", "cpu", $"loads and adds, version {torch.__version__}")
                : DoctorCheck.Fail("libtorch", "cpu", "1 + 1 is not 2");
        }
        catch (Exception fault)
        {
            return DoctorCheck.Fail("libtorch", "cpu", $"cannot be loaded: {(fault.InnerException ?? fault).Message}");
        }
    }

    private static DoctorCheck Processor()
    {
        (string Name, bool Has)[] sets = [("AVX2", Avx2.IsSupported), ("FMA", Fma.IsSupported), ("AVX-512", Avx512F.IsSupported),
            ("AVX-512BW", Avx512BW.IsSupported)];
        var has = string.Join(' ', sets.Where(set => set.Has).Select(set => set.Name));
        var detail = $"{Cores(Environment.ProcessorCount)}, {(has.Length > 0 ? has : "no vector instructions known here")}";
        return Avx512BW.IsSupported
            ? DoctorCheck.Ok("cpu", Architecture, detail)
            : DoctorCheck.Warn("cpu", Architecture, $"{detail}: bfloat16 and float16 are computed in float32");
    }

    private static string Architecture => RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    private static string Cores(int cores) => cores == 1 ? "1 core" : string.Create(CultureInfo.InvariantCulture, $"{cores} cores");

    private static DoctorCheck Memory()
    {
        var device = DeviceInventory.Host(1).Devices.Single();
        var detail =
            $"{ByteSize.Format(device.MemoryBytes)} free, of which a KV cache takes {ByteSize.Format(device.CacheBytes ?? 0)} unless "
            + "configured otherwise";
        return device.MemoryBytes >= GiB ? DoctorCheck.Ok("memory", "cpu", detail) : DoctorCheck.Warn("memory", "cpu", detail);
    }

    private static DoctorCheck Shared(int gpus) => Directory.Exists(SharedMemory)
        ? SharedMemoryOf(new DriveInfo(SharedMemory).AvailableFreeSpace, gpus)
        : gpus < 2
            ? DoctorCheck.Ok("shared-memory", SharedMemory, "missing, and not needed")
            : DoctorCheck.Warn("shared-memory", SharedMemory, $"missing: {gpus} GPUs of one host exchange tensors through it.");

    private static IEnumerable<DoctorCheck> Cuda(NvidiaDevices? devices)
    {
        if (devices is not { Count: > 0 }) return [DoctorCheck.Ok("cuda", "localhost", "no NVIDIA device: models run on the CPU")];
        var usable = torch.cuda.is_available();
        return devices.Node.Devices.Select((device, index) => usable
            ? DoctorCheck.Ok("cuda", device.Id.ToString(),
            $"{devices.Names[index]}, "
                + $"{ByteSize.Format(device.MemoryBytes)}{(devices.Count > 1 ? devices.HasNVLink ? ", NVLink" : ", no NVLink" : "")}")
            : DoctorCheck.Warn("cuda", device.Id.ToString(),
            $"{devices.Names[index]}, {ByteSize.Format(device.MemoryBytes)}: this build cannot use it. Build with -p:TorchBackend=cuda."));
    }

    private static DoctorCheck Nccl(int gpus)
    {
        const string name = "libnccl.so.2";
        const string variable = "GRID_NCCL_LIBRARY";
        if (!NativeLibrary.TryLoad(name, out var library)
            && !(Environment.GetEnvironmentVariable(variable) is { Length: > 0 } path && NativeLibrary.TryLoad(path, out library)))
            return gpus < 2
                ? DoctorCheck.Ok("nccl", name, "missing, and not needed for fewer than 2 GPUs")
                : DoctorCheck.Warn("nccl", name,
                $"not found: a model cannot be divided over the {gpus} GPUs. Install NCCL, or name its path in {variable}.");
        try
        {
            return DoctorCheck.Ok("nccl", name,
                NcclVersion(library) is { } version ? $"version {version / 10000}.{version / 100 % 100}.{version % 100}" : "loads");
        }
        finally
        {
            NativeLibrary.Free(library);
        }
    }

    private static unsafe int? NcclVersion(nint library)
    {
        if (!NativeLibrary.TryGetExport(library, "ncclGetVersion", out var function)) return null;
        int version;
        return ((delegate* unmanaged[Cdecl]<int*, int>)function)(&version) == 0 ? version : null;
    }
}
