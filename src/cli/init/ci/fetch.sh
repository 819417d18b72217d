# New items of the sources become candidates. They belong in the repository, with the ledger.
mkdir -p {folders}
git config user.name newsgen
git config user.email newsgen@invalid
for attempt in 1 2 3; do
  git fetch --quiet "$REMOTE" "$BRANCH"
  git reset --quiet --hard FETCH_HEAD
  # 3: no source answered.
  newsgen fetch || [ $? -eq 3 ]
  newsgen queue expire
  git add --all {folders}
  if git diff --cached --quiet; then exit 0; fi
  git commit --quiet --message "Fetch"
  if git push --quiet $PUSH_OPTIONS "$REMOTE" "HEAD:$BRANCH"; then exit 0; fi
  # Somebody has pushed meanwhile: once more from there. Sources that are not remembered are asked
  # again, so nothing is lost of what was not pushed.
  rm -f .newsgen/fetch/*.json
done
exit 1
