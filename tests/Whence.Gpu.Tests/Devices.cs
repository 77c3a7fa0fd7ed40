namespace Whence.Gpu.Tests;

using Xunit.Abstractions;

/// <summary>The devices that are found here, each opened once.</summary>
public static class Devices
{
    private const string None = "none";

    private static readonly Dictionary<string, Lazy<(GpuDevice? Device, string Why)>> All = new()
    {
        ["Cuda"] = new(() => Try(() => GpuDevice.Cuda())),
        ["OpenCL"] = new(() => Try(() => GpuDevice.OpenCL())),
        ["Debug"] = new(() => Try(GpuDevice.Debug)),
    };

    /// <summary>Those that tests run on in this process: the one for debugging has one of its own.</summary>
    public static readonly string[] Names =
        All.Keys.Where(name => name != "Debug" && All[name].Value.Device is not null).DefaultIfEmpty(None).ToArray();

    public static readonly TheoryData<string> Found = new(Names);

    /// <summary>A device; without any, the test is skipped with the reasons.</summary>
    public static GpuDevice Get(string name)
    {
        Skip.If(name == None, string.Join(" ", All.Where(pair => pair.Key != "Debug").Select(pair => pair.Value.Value.Why)));
        return All[name].Value.Device ?? throw new InvalidOperationException(All[name].Value.Why);
    }

    internal static string Tell() =>
        string.Join("\n", All.Where(pair => pair.Key != "Debug").Select(pair => pair.Value.Value.Device is { } device
            ? $"{pair.Key}: {device.Name}, {device.Memory / 1048576} MiB"
            : $"{pair.Key}: not run. {pair.Value.Value.Why}"));

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
        Assert.NotEmpty(Devices.Names);
    }
}
