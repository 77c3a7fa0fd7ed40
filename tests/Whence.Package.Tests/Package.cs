using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace Whence.Package.Tests;

/// <summary>The package, packed once for all tests into a folder that serves as the only package source.</summary>
public sealed class Package : IDisposable
{
    /// <summary>
    /// Tests that pack projects of the repository, one after the other: each builds the runtime for release, which the other may be
    /// reading.
    /// </summary>
    public const string Packing = "packing";

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("whence-package");
    private int projects;

    public Package()
    {
        Dotnet.Run(Repository, "pack", "runtime/Whence.csproj", "-o", Source);
        File = Directory.GetFiles(Source, "Whence.*.nupkg").Single();
        Version = Path.GetFileNameWithoutExtension(File)["Whence.".Length..];
    }

    /// <summary>The .nupkg.</summary>
    public string File { get; }

    /// <summary>The version that was packed.</summary>
    public string Version { get; }

    /// <summary>The folder with the package and its symbols.</summary>
    public string Source => Path.Combine(folder.FullName, "source");

    /// <summary>The repository's root.</summary>
    public static string Repository { get; } = Root();

    /// <summary>The paths in the package.</summary>
    public IReadOnlyList<string> Entries()
    {
        using var zip = ZipFile.OpenRead(File);
        return [.. zip.Entries.Select(entry => entry.FullName)];
    }

    /// <summary>A fresh console project that refers to the package and nothing else; it knows no source but the package's folder.</summary>
    /// <param name="program">Program.cs.</param>
    /// <param name="items">More items of the project.</param>
    /// <returns>The project's folder.</returns>
    public string Project(string program, string items = "")
    {
        var project = Directory.CreateDirectory(Path.Combine(folder.FullName, $"project{Interlocked.Increment(ref projects)}")).FullName;
        System.IO.File.WriteAllText(Path.Combine(project, "Fresh.csproj"), $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <Nullable>enable</Nullable>
                <ImplicitUsings>enable</ImplicitUsings>
                <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
                <UseAppHost>false</UseAppHost>
                <NuGetAudit>false</NuGetAudit>
                <RestorePackagesPath>{Path.Combine(folder.FullName, "restored")}</RestorePackagesPath>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="Whence" Version="{Version}" />
                {items}
              </ItemGroup>
            </Project>
            """);
        System.IO.File.WriteAllText(Path.Combine(project, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="packed" value="{Source}" />
              </packageSources>
            </configuration>
            """);
        System.IO.File.WriteAllText(Path.Combine(project, "Program.cs"), program);
        return project;
    }

    public void Dispose() => folder.Delete(recursive: true);

    private static string Root([CallerFilePath] string here = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(here)!, "..", ".."));
}
