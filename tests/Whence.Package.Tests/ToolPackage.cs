namespace Whence.Package.Tests;

/// <summary>
/// The way of someone who has an ONNX file: the tool is installed from a folder of packages, writes a project, and the project runs. It
/// takes a minute: WHENCE_LONG=1 dotnet test tests/Whence.Package.Tests --filter Long=models.
/// </summary>
[Collection(Package.Packing)]
[Trait("Long", "models")]
public sealed class ToolPackage : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("whence-tool");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void AnOnnxFileBecomesAProgramThatGivesReasons()
    {
        var (feed, empty) = (Path.Combine(folder.FullName, "feed"), folder.CreateSubdirectory("empty").FullName);
        Dotnet.Run(Package.Repository, "pack", "runtime/Whence.csproj", "-o", feed);
        Dotnet.Run(Package.Repository, "pack", "generator/Tool/Whence.Tool.csproj", "-o", feed);
        // Neither another source nor what was restored before takes part, nor where the SDK remembers that tools are: it forgets that
        // nuget.config may name the folder of packages.
        (string, string)[] own = [("NUGET_PACKAGES", Path.Combine(folder.FullName, "restored")), ("DOTNET_CLI_HOME", folder.FullName)];
        File.WriteAllText(Path.Combine(empty, "nuget.config"), $"""
            <configuration>
              <packageSources>
                <clear />
                <add key="packed" value="{feed}" />
              </packageSources>
            </configuration>
            """);
        File.Copy(Path.Combine(Package.Repository, "tests", "Whence.Import.Tests", "models", "mnist_cnn.onnx"),
            Path.Combine(empty, "digits.onnx"));
        Dotnet.RunWith(own, empty, "new", "tool-manifest");
        Dotnet.RunWith(own, empty, "tool", "install", "Whence.Tool");
        Dotnet.RunWith(own, empty, "whence", "new", "digits.onnx");
        var project = Path.Combine(empty, "Digits");
        Assert.Contains("= sum of contributions, off by ", Dotnet.RunWith(own, project, "run"), StringComparison.Ordinal);
        Assert.Equal("PNG"u8, File.ReadAllBytes(Path.Combine(project, "reasons.png")).AsSpan(1, 3));
    }
}
