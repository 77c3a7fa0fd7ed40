namespace Whence.Runtime.Tests.WeightFiles;

/// <summary>What is wrong with a path of weights is said in one sentence, with the path as it was given.</summary>
public sealed class PathsOfFiles
{
    private static readonly KeyValuePair<string, Tensor>[] tensors = [new("a.weight", new Tensor(new Shape(2), [1, 2]))];

    private static string In(TemporaryFolder folder, string name) => System.IO.Path.Combine(folder.Path, name);

    private static void Says(IOException error, params string[] parts)
    {
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("unfinished", error.Message, StringComparison.Ordinal);
        Assert.EndsWith(".", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AFolderIsNoFile()
    {
        using var folder = new TemporaryFolder();
        Says(Assert.Throws<IOException>(() => Weights.Open(folder.Path)), $"'{folder.Path}'", "is a folder");
        Says(Assert.Throws<IOException>(() => Weights.Open(folder.Path + "/")), $"'{folder.Path}/'", "is a folder");
        Says(Assert.Throws<IOException>(() => Weights.Save(folder.Path, tensors)), $"'{folder.Path}'", "is a folder");
        Says(Assert.Throws<IOException>(() => Weights.Save(folder.Path + "/", tensors)), $"'{folder.Path}/'", "is a folder");
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void APathThatEndsAsAFolderDoesIsNoFiles()
    {
        using var folder = new TemporaryFolder();
        var path = In(folder, "net.safetensors");
        Weights.Save(path, tensors);
        Says(Assert.Throws<IOException>(() => Weights.Open(path + "/")), $"'{path}/'", "ends as a folder");
        Says(Assert.Throws<IOException>(() => Weights.Save(path + "/", tensors)), $"'{path}/'", "ends as a folder");
        Says(Assert.Throws<IOException>(() => Weights.Save(In(folder, "new/"), tensors)), "new/'", "ends as a folder");
        Assert.Equal([path], Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public void AFolderThatIsMissingIsNamed()
    {
        using var folder = new TemporaryFolder();
        var path = In(folder, "some/where/net.safetensors");
        Says(Assert.Throws<DirectoryNotFoundException>(() => Weights.Open(path)), $"'{path}'",
            $"there is no folder '{In(folder, "some")}'");
        Says(Assert.Throws<DirectoryNotFoundException>(() => Weights.Save(path, tensors)), $"'{path}' cannot be written",
            $"there is no folder '{In(folder, "some")}'");
        File.WriteAllText(In(folder, "some"), "");
        Says(Assert.Throws<DirectoryNotFoundException>(() => Weights.Save(path, tensors)), $"'{In(folder, "some")}' is a file");
        Says(Assert.ThrowsAny<IOException>(() => Weights.Open(path)), $"'{path}'");
    }

    [Fact]
    public void AMissingFileIsSoughtWhereItIsSaid()
    {
        using var folder = new TemporaryFolder();
        var path = In(folder, "net.safetensors");
        Says(Assert.Throws<FileNotFoundException>(() => Weights.Open(path)), $"There is no file '{path}'.");
        var relative = Assert.Throws<FileNotFoundException>(() => Weights.Open("no such net.safetensors"));
        Says(relative, "There is no file 'no such net.safetensors' in", Environment.CurrentDirectory, AppContext.BaseDirectory);
        Assert.Equal("no such net.safetensors", relative.FileName);
    }

    [Fact]
    public void AnEmptyFileIsSaidToBe()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("net.safetensors", []);
        var error = Assert.Throws<WeightsException>(() => Weights.Open(path));
        Assert.Contains($"'{path}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("It is empty", error.Message, StringComparison.Ordinal);
    }

    // Where tests have all permissions, nothing can be made that they cannot read.
    [Fact]
    public void WhatIsNotPermittedIsSaidToBe()
    {
        var denied = new UnauthorizedAccessException("Access to the path '/x.1234.unfinished' is denied.");
        Says(FileFault.OfReading("net.safetensors", denied)!, "'net.safetensors' cannot be read: this program has no permission to.");
        const string Begun = "/x.1234.unfinished";
        Says(FileFault.OfWriting("net.safetensors", Begun, denied), "'net.safetensors' cannot be written", "into its folder");
        Says(FileFault.OfWriting("net.safetensors", Begun, new IOException($"No space left on device : '{Begun}'.")),
            "'net.safetensors' cannot be written: No space left on device : 'net.safetensors'.");
    }

    // One network after the other, or both at once, with layers of one name and different shapes.
    [Fact]
    public void RandomWeightsAreForAnyNumberOfNetworks()
    {
        var random = Weights.Random(3);
        var (one, other) = (random.WithCancellation(default), random.WithCancellation(default));
        var first = one.Values("fc1.weight", new Shape(2, 3));
        Assert.Equal(Weights.Random(3).Values("fc1.weight", new Shape(4, 5)), other.Values("fc1.weight", new Shape(4, 5)));
        Assert.Same(first, one.WithCancellation(default).Values("fc1.weight", new Shape(2, 3)));
        Assert.Throws<WeightsException>(() => one.Values("fc1.weight", new Shape(4, 5)));
    }
}
