using System.IO.Compression;

namespace Whence.Package.Tests;

/// <summary>What the package for GPUs carries beside its library: what writes a program's kernels when it is built.</summary>
[Collection(Package.Packing)]
public class GpuPackage
{
    [Fact]
    public void ItCarriesWhatWritesKernelsInABuild()
    {
        var folder = Directory.CreateTempSubdirectory("whence-gpu-package");
        try
        {
            Dotnet.Run(Package.Repository, "pack", "runtime/Gpu/Whence.Gpu.csproj", "-o", folder.FullName);
            using var zip = ZipFile.OpenRead(Directory.GetFiles(folder.FullName, "Whence.Gpu.*.nupkg").Single());
            var entries = zip.Entries.Select(entry => entry.FullName).ToHashSet();
            Assert.Superset(new HashSet<string>
            {
                "build/Whence.Gpu.targets", "buildTransitive/Whence.Gpu.targets", "tools/Whence.Ptx.dll", "lib/net9.0/Whence.Gpu.dll",
                "lib/net10.0/Whence.Gpu.dll",
            }, entries);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
