namespace Whence.Gpu.Tests;

using Xunit.Abstractions;

/// <summary>The kinds of devices that tests run on; those that are found here are opened once.</summary>
public static class Devices
{
    private static readonly Dictionary<string, Lazy<(GpuDevice? Device, string Why)>> All = new()
    {
        ["Cuda"] = new(() => Try(() => GpuDevice.Cuda())),
        ["OpenCL"] = new(() => Try(() => GpuDevice.OpenCL())),
        ["Debug"] = new(() => Try(GpuDevice.Debug)),
        ["OpenCL in groups"] = new(() => InGroups("OpenCL")),
        ["Debug in groups"] = new(() => InGroups("Debug")),
    };

    /// <summary>Those that tests run on in this process: the one for debugging has one of its own.</summary>
    public static readonly string[] Names = ["Cuda", "OpenCL"];

    public static readonly TheoryData<string> Found = new(Names);

    /// <summary>A device that all tests share; where it is not found the test is skipped with the reason.</summary>
    public static GpuDevice Get(string name)
    {
        var (device, why) = All[name].Value;
        Skip.If(device is null, why);
        return device!;
    }

    /// <summary>A device as it is, and one of the kind that computes products as a GPU does; a GPU does so as it is.</summary>
    public static string[] OfBothForms(string name) => name == "Cuda" ? [name] : [name, WithGroups(name)];

    /// <summary>One of the kind that computes as a GPU does.</summary>
    public static string WithGroups(string name) => name == "Cuda" ? name : $"{name} in groups";

    /// <summary>
    /// The device that all share with memory, limits and counts of the caller's own; what one has compiled serves both.
    /// </summary>
    public static GpuDevice Beside(string name) => Get(name).Beside();

    /// <summary>Another of the same kind, of the caller's own.</summary>
    public static GpuDevice Open(string name)
    {
        Get(name);
        return name switch { "Cuda" => GpuDevice.Cuda(), "OpenCL" => GpuDevice.OpenCL(), _ => GpuDevice.Debug() };
    }

    internal static string Tell() =>
        string.Join("\n", Names.Select(name => All[name].Value).Zip(Names, (found, name) => found.Device is { } device
            ? $"{name}: {device.Name}, {device.Memory / 1048576} MiB"
            : $"{name}: not run. {found.Why}"));

    private static (GpuDevice?, string) InGroups(string name)
    {
        var (device, why) = All[name].Value;
        var grouped = device?.Beside();
        if (grouped is not null)
            grouped.HasGroups = true;
        return (grouped, why);
    }

    private static (GpuDevice?, string) Try(Func<GpuDevice> open)
    {
        try
        {
            return (open(), "");
        }
        catch (GpuException e)
        {
            return (null, e.Message);
        }
    }
}

/// <summary>Which devices the tests ran on.</summary>
public class WhichDevices(ITestOutputHelper output)
{
    [Fact]
    public void AreTold()
    {
        output.WriteLine(Devices.Tell() + "\nDebug: in a process of its own.\nPTX: of every kernel, compiled without a device.");
        Assert.Equal(["Cuda", "OpenCL"], Devices.Names);
    }
}
