using Whence.Data;
using Whence.Data.Tests;

return Worker.Run(args, path => PersonNet.Load(path));
